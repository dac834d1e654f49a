/** The bank of mutants of chain replication: one deliberate, documented error each. */
import { assert } from '../../sim/engine/assert.ts';
import type { Mutant } from '../common/mutant.ts';
import { chainReplication, type ChainReplication } from './index.ts';
import { paperRules, type ChainRules } from './rules.ts';

export interface ChainMutant extends Mutant {
  readonly rules: Partial<ChainRules>;
}

const SURVIVES = 'chain-replication/acknowledged-survives';
const PROPAGATION = 'chain-replication/update-propagation';

export const chainMutants: readonly ChainMutant[] = [
  {
    id: 'chain-ack-early',
    description: 'The head acknowledges an update before the tail has it.',
    violates: [SURVIVES],
    needs: ['clients'],
    minNodes: 3,
    sources: ['van Renesse and Schneider 2004, §2'],
    rules: { answers: (isHead) => isHead },
  },
  {
    id: 'chain-gap',
    description: 'A server takes updates behind a gap, for its old predecessor had sent the rest.',
    violates: [PROPAGATION, SURVIVES],
    needs: ['clients', 'reorder'],
    minNodes: 3,
    sources: ['van Renesse and Schneider 2004, §3.2 (Inprocess Requests Invariant)'],
    rules: { followsOn: () => true },
  },
  {
    id: 'chain-old-epoch-heard',
    description: 'A server goes on listening to a head that was taken out of the chain.',
    violates: [SURVIVES, PROPAGATION],
    needs: ['clients', 'partition'],
    minNodes: 4,
    sources: ['van Renesse and Schneider 2004, §3 (fail-stop is assumed)', 'HIBARI, 2010'],
    rules: { isFenced: () => false },
  },
  {
    id: 'chain-joins-with-gaps',
    description: 'A server becomes the tail before it has what the old tail had acknowledged.',
    violates: [SURVIVES],
    needs: ['clients', 'crash'],
    minNodes: 3,
    sources: ['van Renesse and Schneider 2004, §3.3'],
    rules: { isCaughtUp: () => true },
  },
  {
    id: 'chain-two-tails',
    description: 'The old tail goes on answering while the new one is told that it is the tail.',
    violates: [SURVIVES],
    needs: ['clients', 'crash'],
    minNodes: 3,
    sources: ['van Renesse and Schneider 2004, §3.3 (T handles no requests any more)'],
    rules: { stopsBeforeHandingOver: false },
  },
  {
    id: 'chain-forward-before-fsync',
    description: 'A server sends an update on before its own disk has it.',
    violates: [PROPAGATION, SURVIVES],
    needs: ['clients', 'crash', 'disk'],
    minNodes: 3,
    sources: ['van Renesse and Schneider 2004, §2 (servers keep Hist in stable storage)'],
    rules: { forwardingWaitsForDisk: false },
  },
];

/** The protocol with the errors of these mutants; the clean one for none. Ids must exist. */
export function mutatedChain(ids: readonly string[]): ChainReplication {
  let rules: ChainRules = paperRules;
  for (const id of ids) {
    const mutant = chainMutants.find((candidate) => candidate.id === id);
    assert(mutant !== undefined, `there is a mutant ${id}`);
    rules = { ...rules, ...mutant.rules };
  }
  return chainReplication(rules);
}
