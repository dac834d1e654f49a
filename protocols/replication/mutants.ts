/** The bank of mutants of primary–backup replication: one deliberate, documented error each. */
import { assert } from '../../sim/engine/assert.ts';
import type { Mutant } from '../common/mutant.ts';
import { replication, type Replication } from './index.ts';
import { paperRules, type ReplicationRules } from './rules.ts';

export interface ReplicationMutant extends Mutant {
  readonly rules: Partial<ReplicationRules>;
}

const STORED = 'replication/visible-is-stored';
const SURVIVES = 'replication/acknowledged-survives';
const ONE_PRIMARY = 'replication/one-primary-an-epoch';
const SAME_LOG = 'replication/same-log';

export const replicationMutants: readonly ReplicationMutant[] = [
  {
    id: 'async-failover-loss',
    description: 'A write is acknowledged when the primary has it; a failover loses the tail.',
    violates: [STORED, SURVIVES],
    needs: ['clients', 'partition'],
    minNodes: 2,
    sources: ['Redis Sentinel (Jepsen 283: 56 % of the acknowledged writes lost)'],
    rules: { awaited: () => 0 },
  },
  {
    id: 'split-brain-no-fencing',
    description: 'Backups take writes from a primary whose epoch is over.',
    violates: [SURVIVES, SAME_LOG],
    needs: ['clients', 'pause'],
    minNodes: 3,
    sources: ['Jepsen 283 (Redis)', 'Kleppmann, How to do distributed locking, 2016'],
    rules: { isFenced: () => false },
  },
  {
    id: 'semisync-timeout-fallback',
    description: 'When no backup answers for 10 s, the primary silently goes on alone.',
    violates: [STORED, SURVIVES],
    needs: ['clients', 'partition'],
    minNodes: 2,
    sources: ['MySQL 8.0 manual, 19.4.10 (rpl_semi_sync_source_timeout = 10000)'],
    rules: { fallbackMs: () => 10_000 },
  },
  {
    id: 'semisync-after-commit-phantom',
    description:
      'The primary commits before a backup has the write, so that others see it already.',
    violates: [STORED, SURVIVES],
    needs: ['clients', 'crash'],
    minNodes: 2,
    sources: ['MySQL 8.0 manual, 19.4.10 (AFTER_COMMIT; AFTER_SYNC is the default)'],
    rules: { visibleUpTo: (_committed, lastIndex) => lastIndex },
  },
  {
    id: 'gap-log-shipping',
    description: 'A backup appends what it gets without asking whether it has all before it.',
    violates: [SAME_LOG],
    needs: ['clients', 'reorder'],
    minNodes: 2,
    sources: ['oxia PR#1239 (an analogue)', 'Liskov and Cowling 2012, §4.1, step 4'],
    rules: { followsOn: () => true },
  },
  {
    id: 'replication-ack-before-fsync',
    description: 'A backup acknowledges a write before it is on its disk.',
    violates: [STORED, SURVIVES],
    needs: ['clients', 'crash', 'disk'],
    minNodes: 2,
    sources: ['MySQL with sync_relay_log = 10000', 'Kafka without flush.messages'],
    rules: { acknowledgementWaitsForDisk: false },
  },
  {
    id: 'promise-not-persisted',
    description: 'A node forgets in a crash which view it has promised, and promises it twice.',
    violates: [ONE_PRIMARY, SURVIVES],
    needs: ['crash'],
    minNodes: 3,
    sources: ['Liskov and Cowling 2012, §4.3', 'Michael et al., DISC 2017 (VR without a disk)'],
    rules: { promiseIsDurable: false },
  },
  {
    id: 'promotion-without-view-service',
    description: 'A backup that hears no primary makes itself the primary and asks nobody.',
    violates: [ONE_PRIMARY, SURVIVES],
    needs: ['partition'],
    minNodes: 3,
    sources: ['Budhiraja et al. 1993, §8.3', 'GitHub, October 21 post-incident analysis, 2018'],
    rules: { viewQuorum: () => 1 },
  },
  {
    id: 'promotes-first-answer',
    description: 'The view is led by whoever proposed it, whatever is missing in its log.',
    violates: [SURVIVES],
    needs: ['clients'],
    minNodes: 3,
    sources: ['Liskov and Cowling 2012, §4.2, step 3', 'MHA for MySQL without relay log recovery'],
    rules: { isAhead: () => false },
  },
  {
    id: 'view-quorum-misses-writes',
    description: 'A majority makes a view, though one backup of four suffices for a write.',
    violates: [SURVIVES, STORED],
    needs: ['clients'],
    minNodes: 5,
    sources: ['Howard, Malkhi and Spiegelman, Flexible Paxos, 2016, §5'],
    rules: { viewQuorum: (_options, nodes) => Math.floor(nodes / 2) + 1 },
  },
  {
    id: 'replication-counts-old-epoch',
    description: 'A new primary acknowledges an entry of an earlier epoch by counting its copies.',
    violates: [SURVIVES],
    needs: ['clients'],
    minNodes: 3,
    sources: ['Raft (extended), §5.4.2, Figure 8'],
    rules: { mayCommit: () => true },
  },
];

/** The protocol with the errors of these mutants; the clean one for none. Ids must exist. */
export function mutatedReplication(ids: readonly string[]): Replication {
  let rules: ReplicationRules = paperRules;
  for (const id of ids) {
    const mutant = replicationMutants.find((candidate) => candidate.id === id);
    assert(mutant !== undefined, `there is a mutant ${id}`);
    rules = { ...rules, ...mutant.rules };
  }
  return replication(rules);
}
