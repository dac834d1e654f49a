/** The bank of Percolator's mutants: one deliberate, documented error each. */
import { assert } from '../../../sim/engine/assert.ts';
import type { Mutant } from '../../common/mutant.ts';
import { percolator, type Percolator } from './index.ts';
import { paperRules, type PercolatorRules } from './rules.ts';

export interface PercolatorMutant extends Mutant {
  readonly rules: Partial<PercolatorRules>;
}

const SNAPSHOT = 'history/strong-snapshot-isolation';

export const percolatorMutants: readonly PercolatorMutant[] = [
  {
    id: 'lost-update-rmw',
    description: 'Two transactions read a key and both write it: the second does not notice.',
    violates: ['percolator/no-lost-update', SNAPSHOT],
    needs: ['clients'],
    minNodes: 1,
    sources: ['Berenson et al. 1995, P4', 'Peng and Dabek 2010, §2.2, Prewrite'],
    rules: { isOutdated: () => false },
  },
  {
    id: 'percolator-reads-past-locks',
    description: 'A read does not wait for a lock that may become a commit before its snapshot.',
    violates: [SNAPSHOT, 'percolator/no-lost-update'],
    needs: ['clients'],
    minNodes: 1,
    sources: ['Peng and Dabek 2010, §2.2, Get'],
    rules: { hidesSnapshot: () => false },
  },
  {
    id: 'percolator-commit-without-lock',
    description: 'A transaction commits although somebody has rolled its primary back.',
    violates: ['percolator/atomicity', SNAPSHOT],
    needs: ['clients', 'delay'],
    minNodes: 1,
    sources: ['Peng and Dabek 2010, §2.2, Commit'],
    rules: { commitNeedsLock: false },
  },
  {
    id: 'tso-goes-back',
    description: 'The timestamp oracle begins anew after a crash.',
    violates: ['percolator/timestamps-grow', 'percolator/no-lost-update', SNAPSHOT],
    needs: ['clients', 'crash'],
    minNodes: 1,
    sources: ['Peng and Dabek 2010, §2.3'],
    rules: { oracleRemembers: false },
  },
];

/** The protocol with the errors of these mutants; the clean one for none. Ids must exist. */
export function mutatedPercolator(ids: readonly string[]): Percolator {
  let rules: PercolatorRules = paperRules;
  for (const id of ids) {
    const mutant = percolatorMutants.find((candidate) => candidate.id === id);
    assert(mutant !== undefined, `there is a mutant ${id}`);
    rules = { ...rules, ...mutant.rules };
  }
  return percolator(rules);
}
