/** The messages of Gray and Lamport 2006, §3, and the acknowledgements of Mohan et al. 1986. */
import type { Effects, NodeId, Plain, Response, RequestId } from '../../../sim/engine/protocol.ts';
import type { Wait } from '../locking/deadlocks.ts';
import type { Age, Mode } from '../locking/locks.ts';
import type { Step } from '../operations.ts';

/** A transaction's name: `n1.2.7` is the seventh that n1 has begun in its second life. */
export type TransactionId = string;

/** What a client is told when the transaction commits. */
export type Answer = RequestId & { readonly response: Response };

/** Coordinator to shard: do this step, once its lock is yours. */
export interface Execute {
  readonly type: 'Execute';
  readonly id: TransactionId;
  readonly age: Age;
  /** Which step of the transaction it is, in the order in which they are done. */
  readonly position: number;
  readonly step: Step;
  readonly mode: Mode;
  /** The step before it at this shard; -1: none. Who has not done just that has lost its memory. */
  readonly previous: number;
}

export interface Executed {
  readonly type: 'Executed';
  readonly id: TransactionId;
  readonly position: number;
  /** What the key held before the step. */
  readonly value: Plain;
}

/** The step waits for its lock. */
export interface Waiting {
  readonly type: 'Waiting';
  readonly id: TransactionId;
  readonly position: number;
}

/** Why a shard gives a transaction up; after `misfit` no retry will help. */
export type Reason = 'died' | 'wounded' | 'deadlock' | 'timeout' | 'lost' | 'misfit';

/** The shard has given the transaction up: it votes no, asked or unasked. */
export interface Refused {
  readonly type: 'Refused';
  readonly id: TransactionId;
  readonly reason: Reason;
}

/** Phase 1: can you commit? `participants` are those who have something to write. */
export interface Prepare {
  readonly type: 'Prepare';
  readonly id: TransactionId;
  /** The last step at this shard. */
  readonly position: number;
  readonly participants: readonly NodeId[];
}

/** The vote yes; who has only read is done. */
export interface Prepared {
  readonly type: 'Prepared';
  readonly id: TransactionId;
  readonly readOnly: boolean;
}

/** Three-phase commit only (Skeen 1981): everybody has voted yes. */
export interface PreCommit {
  readonly type: 'PreCommit';
  readonly id: TransactionId;
}

export interface PreCommitted {
  readonly type: 'PreCommitted';
  readonly id: TransactionId;
}

/** Phase 2. */
export interface Commit {
  readonly type: 'Commit';
  readonly id: TransactionId;
}

export interface Abort {
  readonly type: 'Abort';
  readonly id: TransactionId;
}

/** The commit is on the sender's disk. */
export interface Acknowledge {
  readonly type: 'Acknowledge';
  readonly id: TransactionId;
}

/** What has become of it? Asked by whoever has heard nothing for a while. */
export interface Inquire {
  readonly type: 'Inquire';
  readonly id: TransactionId;
}

/** The coordinator is still at it. */
export interface Active {
  readonly type: 'Active';
  readonly id: TransactionId;
}

/** How far a participant is that is in doubt, too. */
export type Standing = 'prepared' | 'pre-committed';

export interface Stands {
  readonly type: 'Stands';
  readonly id: TransactionId;
  readonly standing: Standing;
}

/** Shard to detector: all who wait here, and for whom. */
export interface WaitsFor {
  readonly type: 'WaitsFor';
  readonly waits: readonly Wait[];
}

/** Detector to shard: end this one, which waits at your place. */
export interface EndDeadlock {
  readonly type: 'EndDeadlock';
  readonly id: TransactionId;
}

export type CommitMessage =
  | Execute
  | Executed
  | Waiting
  | Refused
  | Prepare
  | Prepared
  | PreCommit
  | PreCommitted
  | Commit
  | Abort
  | Acknowledge
  | Inquire
  | Active
  | Stands
  | WaitsFor
  | EndDeadlock;

/** `tick` asks again what got lost; `backoff` and `lock` belong to a transaction, their key. */
export type CommitTimer = 'tick' | 'backoff' | 'lock' | 'detect';

export type CommitEffects = Effects<CommitMessage, CommitTimer>;

/** A message in a few words: `n1.1.3 append y`, `n1.1.3 read-only`. */
export function describeMessage(message: CommitMessage): string {
  switch (message.type) {
    case 'Execute': {
      const [kind, key] = message.step;
      return `${message.id} ${kind} ${key}`;
    }
    case 'Refused':
      return `${message.id} ${message.reason}`;
    case 'Prepared':
      return message.readOnly ? `${message.id} read-only` : message.id;
    case 'Stands':
      return `${message.id} ${message.standing}`;
    case 'WaitsFor':
      return message.waits.map(({ waiter, holder }) => `${waiter}->${holder}`).join(' ');
    default:
      return message.id;
  }
}
