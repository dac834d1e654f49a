/** The bank of mutants of conflict resolution: one deliberate, documented error each. */
import { assert } from '../../sim/engine/assert.ts';
import type { Plain } from '../../sim/engine/protocol.ts';
import type { Mutant } from '../common/mutant.ts';
import { tick } from './hybrid-clock.ts';
import { conflictResolution, type ConflictResolution } from './index.ts';
import { paperRules, type ConflictRules } from './rules.ts';
import { replicatedTypes, type TypeName } from './types/index.ts';
import type { LwwState } from './types/lww-register.ts';
import { versionVectors } from './types/version-vector.ts';
import { zero, type Vector } from './vectors.ts';

export interface ConflictMutant extends Mutant {
  readonly rules: Partial<ConflictRules>;
  /** The type in which the error shows. */
  readonly type: TypeName;
}

const CONVERGES = 'conflict-resolution/strong-convergence';
const GROWS = 'conflict-resolution/knowledge-grows';
const OWN_WRITE = 'conflict-resolution/own-write-wins';
const UNSEEN_STAYS = 'conflict-resolution/unseen-stays';

export const conflictMutants: readonly ConflictMutant[] = [
  {
    id: 'lww-clock-skew',
    description: "A version is stamped by its node's own clock, which may be behind what it saw.",
    violates: [OWN_WRITE],
    needs: ['clients', 'clock'],
    minNodes: 2,
    sources: ['Jepsen on Cassandra 2.0, 2013', 'Kulkarni et al. 2014, §1'],
    type: 'lww-register',
    rules: { ticks: (_kind, clock, nowUs) => tick('physical', clock, nowUs) },
  },
  {
    id: 'lww-tie-drop',
    description: 'Of two versions with one timestamp every replica keeps its own.',
    violates: [CONVERGES],
    needs: ['clients'],
    minNodes: 2,
    sources: ['Jepsen on Cassandra 2.0, 2013 (CASSANDRA-6123)'],
    type: 'lww-register',
    rules: {
      merges: (_type, own, arriving) => keepOwnOfTies(own as LwwState, arriving as LwwState),
    },
  },
  {
    id: 'tombstone-gc-resurrection',
    description: 'A deletion is forgotten before everybody knows of it, and the value comes back.',
    violates: [GROWS],
    needs: ['clients', 'partition'],
    minNodes: 2,
    sources: ['Cassandra documentation, gc_grace_seconds', 'CASSANDRA-3510 (family)'],
    type: 'lww-register',
    rules: { forgetsTombstones: true },
    script: { nodes: 2, steps: ['request n1 put x 1', 'request n1 delete x', 'fire n1 gossip'] },
  },
  {
    id: 'crdt-counter-retry',
    description: 'Counts are added up at each merge, so that what comes twice counts twice.',
    violates: [CONVERGES],
    needs: ['clients', 'duplicate'],
    minNodes: 2,
    sources: ['Maelstrom, g-counter workload', 'Jepsen on Cassandra counters, 2013'],
    type: 'g-counter',
    rules: { merges: (_type, own, arriving) => addUp(own, arriving) },
    script: {
      nodes: 2,
      steps: [
        'request n1 add x 1',
        'fire n1 gossip',
        'deliver n2<-n1 Whole',
        'fire n1 gossip',
        'deliver n2<-n1 Whole',
      ],
    },
  },
  {
    id: 'crdt-merge-noncommutative',
    description: 'Whatever arrives takes the place of what is there.',
    violates: [CONVERGES],
    needs: ['clients', 'reorder'],
    minNodes: 2,
    sources: ['Maelstrom, g-set and pn-counter workloads', 'Shapiro et al. 2011, §2.3'],
    type: 'or-set',
    rules: { merges: (_type, _own, arriving) => arriving },
  },
  {
    id: 'version-vector-per-server',
    description: 'Vectors count servers: a write seems to have seen what its client had not.',
    violates: [UNSEEN_STAYS],
    needs: ['clients'],
    minNodes: 1,
    sources: ['Preguiça et al., PODC 2012', 'Riak before 2.0'],
    type: 'version-vectors',
    rules: {
      types: {
        ...replicatedTypes,
        'version-vectors': versionVectors(({ node, counter }) => [node, counter]),
      },
    },
  },
];

/** The protocol with the errors of these mutants; the clean one for none. Ids must exist. */
export function mutatedConflictResolution(ids: readonly string[]): ConflictResolution {
  let rules: ConflictRules = paperRules;
  for (const id of ids) {
    const mutant = conflictMutants.find((candidate) => candidate.id === id);
    assert(mutant !== undefined, `there is a mutant ${id}`);
    rules = { ...rules, ...mutant.rules };
  }
  return conflictResolution(rules);
}

function keepOwnOfTies(one: LwwState, other: LwwState): LwwState {
  if (one === null || other === null) return one ?? other;
  return other.timestamp > one.timestamp ? other : one;
}

/** What a merge of operations would do; both states are vectors of counts. */
function addUp(one: Plain, other: Plain): Plain {
  const [own, arriving] = [(one ?? zero) as Vector, (other ?? zero) as Vector];
  const nodes = [...new Set([...Object.keys(own), ...Object.keys(arriving)])];
  const sums = nodes.map((node) => [node, (own[node] ?? 0) + (arriving[node] ?? 0)] as const);
  return Object.fromEntries(sums.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
