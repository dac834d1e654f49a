/** The bank of the saga's mutants: one deliberate, documented error each. */
import { assert } from '../../../sim/engine/assert.ts';
import type { Mutant } from '../../common/mutant.ts';
import { saga, type Saga } from './index.ts';
import { paperRules, type SagaRules } from './rules.ts';

export interface SagaMutant extends Mutant {
  readonly rules: Partial<SagaRules>;
}

export const sagaMutants: readonly SagaMutant[] = [
  {
    id: 'saga-step-twice',
    description: 'A step that is asked for again, for its answer got lost, is done again.',
    violates: ['saga/steps-once', 'history/exactly-once'],
    needs: ['clients', 'loss'],
    minNodes: 1,
    sources: ['Garcia-Molina and Salem 1987, §3', 'Richardson, Microservices Patterns, ch. 4'],
    rules: { isRepeated: (entry) => entry !== undefined && entry.state !== 'done' },
  },
  {
    id: 'saga-undone-in-order',
    description: 'A saga that fails takes its steps back from the first to the last.',
    violates: ['saga/taken-back-in-reverse'],
    needs: ['clients', 'failures'],
    minNodes: 1,
    sources: ['Garcia-Molina and Salem 1987, §2'],
    rules: { nextToUndo: (done) => done[0] ?? -1 },
  },
  {
    id: 'saga-log-not-forced',
    description:
      'A step begins before the saga log knows of the saga: a crash leaves it half done.',
    violates: ['saga/nothing-left-behind'],
    needs: ['clients', 'crash', 'disk'],
    minNodes: 2,
    sources: ['Garcia-Molina and Salem 1987, §4'],
    rules: { logWaitsForDisk: false },
  },
];

/** The protocol with the errors of these mutants; the clean one for none. Ids must exist. */
export function mutatedSaga(ids: readonly string[]): Saga {
  let rules: SagaRules = paperRules;
  for (const id of ids) {
    const mutant = sagaMutants.find((candidate) => candidate.id === id);
    assert(mutant !== undefined, `there is a mutant ${id}`);
    rules = { ...rules, ...mutant.rules };
  }
  return saga(rules);
}
