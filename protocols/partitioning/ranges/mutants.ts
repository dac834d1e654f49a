/** The bank of range partitioning's mutants: one deliberate, documented error each. */
import { assert } from '../../../sim/engine/assert.ts';
import type { AnyProtocol } from '../../../sim/engine/protocol.ts';
import type { Mutant } from '../../common/mutant.ts';
import { rangePartitioning, type RangePartitioning } from './index.ts';
import { rules as paperRules, type RangeRules } from './rules.ts';

export interface RangeMutant extends Mutant {
  readonly rules: Partial<RangeRules>;
}

const LINEARIZABLE = 'history/linearizable';
const ONE_OWNER = 'partitioning/one-owner';
const NOTHING_LOST = 'partitioning/nothing-lost';

export const rangeMutants: readonly RangeMutant[] = [
  {
    id: 'stale-directory-route',
    description: 'The old owner of a range goes on answering whoever has a route from before.',
    violates: [ONE_OWNER, LINEARIZABLE],
    needs: ['clients', 'move'],
    minNodes: 2,
    sources: ['tikv/tikv#8034', 'cockroachdb/cockroach#13506', 'MIT 6.5840, lab 5'],
    rules: { forgetsMoved: false },
    script: {
      nodes: 2,
      options: { directory: ['n1'], owners: ['n1'] },
      steps: ['run 1s', 'request n1 move-range key=k1 to=n2', 'run 500ms'],
    },
  },
  {
    id: 'shard-move-lost-update',
    description: 'A range is written to after its content has been copied for its next owner.',
    violates: [ONE_OWNER, LINEARIZABLE],
    needs: ['clients', 'move'],
    minNodes: 2,
    sources: ['MIT 6.5840, lab 5', 'dslabs, lab 4'],
    rules: { freezes: false },
    script: {
      nodes: 3,
      options: { directory: ['n3'], owners: ['n1'] },
      steps: [
        'run 1s',
        // The directory has nothing in it before somebody asks.
        'request n2 get k1',
        'run 500ms',
        'request n1 move-range key=k1 to=n2',
        'deliver n2<-n1 Transfer',
        'deliver n1<-n2 Transferred',
        'deliver n3<-n1 Ask',
        'deliver n1<-n3 Answer',
        'deliver n3<-n1 Ask',
        'pause n1',
        'run 500ms',
      ],
    },
  },
  {
    id: 'split-clobbers-uninitialised',
    description: 'A copy of a range that comes late replaces what has been served since.',
    violates: ['partitioning/served-ranges-stay', LINEARIZABLE],
    needs: ['clients', 'move', 'duplicate'],
    minNodes: 2,
    sources: ['cockroachdb/cockroach#7600', 'cockroachdb/cockroach#1644'],
    rules: { takesTransfer: () => true },
    script: {
      nodes: 2,
      options: { directory: ['n1'], owners: ['n1'] },
      steps: [
        'run 1s',
        'request n1 move-range key=k1 to=n2',
        'duplicate n2<-n1 Transfer',
        'deliver n2<-n1 Transfer',
        'hold n2<-n1 Transfer',
        'run 500ms',
        'request n2 put k1 5',
        'run 500ms',
        'deliver n2<-n1 Transfer',
      ],
    },
  },
  {
    id: 'range-dropped-before-stored',
    description: 'The directory names the new owner before the range is on its disk.',
    violates: [NOTHING_LOST, LINEARIZABLE],
    needs: ['clients', 'move', 'loss'],
    minNodes: 2,
    sources: ['MIT 6.5840, lab 5', 'scylladb/scylladb#2308'],
    rules: { waitsForTransfer: false },
    script: {
      nodes: 3,
      options: { directory: ['n3'], owners: ['n1'] },
      steps: [
        'run 1s',
        'request n2 get k1',
        'run 500ms',
        'partition n2 | n1 n3',
        'request n1 move-range key=k1 to=n2',
        'run 500ms',
      ],
    },
  },
];

/** The protocol with the errors of these mutants; the clean one for none. Ids must exist. */
export function mutatedRanges(inner: AnyProtocol, ids: readonly string[]): RangePartitioning {
  let rules: RangeRules = paperRules;
  for (const id of ids) {
    const mutant = rangeMutants.find((candidate) => candidate.id === id);
    assert(mutant !== undefined, `there is a mutant ${id}`);
    rules = { ...rules, ...mutant.rules };
  }
  return rangePartitioning(inner, rules);
}
