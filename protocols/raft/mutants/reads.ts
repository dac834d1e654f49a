/** Mutants of reads without a log entry: dissertation §6.4. Those of leases are in leases.ts. */
import { majorityOf } from '../quorum/majority.ts';
import type { RaftMutant } from './mutant.ts';

const LIN = 'history/linearizable';

export const readMutants: readonly RaftMutant[] = [
  {
    id: 'read-local-leader',
    description: 'A leader answers reads without making sure that it still leads.',
    violates: [LIN],
    needs: ['clients', 'partition'],
    minNodes: 3,
    sources: ['xnnyygn/xraft#40 (SandTable Xraft-KV#1)', 'RedisLabs/redisraft#19'],
    rules: { isConfirmed: () => true },
    options: { reads: 'read-index' },
  },
  {
    id: 'read-index-before-own-commit',
    description: 'A leader answers reads before it has committed an entry of its own term.',
    violates: [LIN],
    needs: ['clients'],
    minNodes: 3,
    sources: [
      'etcd-io/raft@3189a66 (etcd#12680)',
      'etcd-io/raft@06b9fc9',
      'RedisLabs/redisraft#18',
    ],
    rules: { mayTakeReadIndex: () => true },
    options: { reads: 'read-index' },
  },
  {
    id: 'read-index-dup-context',
    description: 'Rounds of heartbeats share a number, so a late answer confirms a newer read.',
    violates: [LIN],
    needs: ['clients', 'reorder', 'partition'],
    minNodes: 3,
    sources: ['etcd-io/raft PR#397'],
    rules: { nextRound: () => 1 },
    options: { reads: 'read-index' },
  },
  {
    id: 'read-quorum-minus-one',
    description: 'A read takes one confirmation less than a majority.',
    violates: [LIN],
    needs: ['clients', 'partition'],
    minNodes: 3,
    sources: ['openraft@d60f1e8', 'RedisLabs/raft#34'],
    rules: { readQuorum: (servers) => majorityOf(servers) - 1 },
    options: { reads: 'read-index' },
  },
  {
    id: 'read-before-apply',
    description: 'A read is answered before the state machine has come as far as its index.',
    violates: [LIN],
    needs: ['clients'],
    minNodes: 3,
    sources: ['RedisLabs/raft@340df36'],
    rules: { isApplied: () => true },
    options: { reads: 'follower' },
  },
  {
    id: 'follower-local-read',
    description: 'A follower answers reads from its own state, without asking the leader.',
    violates: [LIN],
    needs: ['clients'],
    minNodes: 2,
    sources: ['Raft (extended) §8'],
    rules: { followerAsksLeader: false },
    options: { reads: 'follower' },
  },
  {
    id: 'read-before-restart-replay',
    description: 'A server that has just come back answers reads before it has applied its log.',
    violates: [LIN],
    needs: ['clients', 'crash'],
    minNodes: 1,
    sources: ['RedisLabs/redisraft#18', 'RedisLabs/redisraft#14'],
    rules: { mayTakeReadIndex: ({ commitIndex }) => commitIndex === 0 },
    options: { reads: 'read-index' },
  },
];
