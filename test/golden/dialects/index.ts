/** The protocols that hold conversations: the folder of each, its dialect, and what must hold. */
import { safety } from '../../../invariants/multi-paxos/index.ts';
import { pbftInvariants } from '../../../invariants/pbft/index.ts';
import { chainInvariants } from '../../../invariants/chain-replication/index.ts';
import { conflictInvariants } from '../../../invariants/conflict-resolution/index.ts';
import { figure3, internal } from '../../../invariants/raft/index.ts';
import { onePrimary } from '../../../invariants/replication/one-primary.ts';
import { sameLog } from '../../../invariants/replication/same-log.ts';
import type { Invariant } from '../../../sim/engine/index.ts';
import type { Dialect } from '../dialect.ts';
import { multiPaxosDialect } from './multi-paxos.ts';
import { transactionSpeakers } from './transactions.ts';
import { pbftDialect } from './pbft.ts';
import { chainDialect } from './chain-replication.ts';
import { conflictDialect } from './conflict-resolution.ts';
import { raftDialect } from './raft.ts';
import { replicationDialect } from './replication.ts';

export interface Speaker {
  /** As a heading of the tests. */
  readonly name: string;
  /** Below test/golden. */
  readonly folder: string;
  readonly dialect: Dialect;
  readonly invariants: readonly Invariant[];
}

export const speakers: readonly Speaker[] = [
  {
    name: 'Multi-Paxos',
    folder: 'multi-paxos',
    dialect: multiPaxosDialect,
    invariants: safety,
  },
  ...transactionSpeakers,
  { name: 'Raft', folder: 'raft', dialect: raftDialect, invariants: [...figure3, ...internal] },
  { name: 'PBFT', folder: 'pbft', dialect: pbftDialect, invariants: pbftInvariants },
  {
    name: 'Primary–backup replication',
    folder: 'replication',
    dialect: replicationDialect,
    // What all modes promise: what some of them lose is told, too.
    invariants: [onePrimary, sameLog],
  },
  {
    name: 'Chain replication',
    folder: 'chain-replication',
    dialect: chainDialect,
    invariants: chainInvariants,
  },
  {
    name: 'Conflict resolution',
    folder: 'conflict-resolution',
    dialect: conflictDialect,
    invariants: conflictInvariants,
  },
];
