/** The messages of Percolator: Peng and Dabek 2010, §2.2 and §2.3. */
import type { Effects, NodeId, Plain } from '../../../sim/engine/protocol.ts';

/** Of the oracle: no two are equal, and a later one is greater. */
export type Timestamp = number;

/** Where a transaction's fate is decided. */
export type Primary = { readonly node: NodeId; readonly key: string };

/** To the oracle. `phase` tells a late answer from the one that is waited for. */
export interface GetTimestamp {
  readonly type: 'GetTimestamp';
  readonly id: string;
  readonly phase: 'start' | 'commit';
}

export interface GivenTimestamp {
  readonly type: 'GivenTimestamp';
  readonly id: string;
  readonly phase: 'start' | 'commit';
  readonly timestamp: Timestamp;
}

/** What did the key hold at this time? Answered when no earlier transaction has it locked. */
export interface Get {
  readonly type: 'Get';
  readonly id: string;
  readonly key: string;
  readonly at: Timestamp;
}

export interface GetReply {
  readonly type: 'GetReply';
  readonly id: string;
  readonly key: string;
  readonly value: Plain;
}

/** Lock the key and keep the value; `keeps` locks it without a new value. */
export interface Prewrite {
  readonly type: 'Prewrite';
  readonly id: string;
  readonly key: string;
  readonly value: Plain;
  readonly keeps: boolean;
  readonly start: Timestamp;
  readonly primary: Primary;
}

export interface PrewriteReply {
  readonly type: 'PrewriteReply';
  readonly id: string;
  readonly key: string;
  readonly locked: boolean;
}

/** Of the primary: the commit itself. Of the others: what has been decided there. */
export interface CommitKey {
  readonly type: 'CommitKey';
  readonly id: string;
  readonly key: string;
  readonly start: Timestamp;
  readonly commit: Timestamp;
}

export interface CommitReply {
  readonly type: 'CommitReply';
  readonly id: string;
  readonly key: string;
  /** False when somebody has rolled the transaction back. */
  readonly committed: boolean;
}

/** The lock is void. */
export interface Rollback {
  readonly type: 'Rollback';
  readonly key: string;
  readonly start: Timestamp;
}

/** To the primary, from who has met a lock of this transaction, or asks for its own. */
export interface Check {
  readonly type: 'Check';
  readonly key: string;
  readonly start: Timestamp;
  /** Its coordinator asks, after a crash: whatever is not committed by now never shall be. */
  readonly isOwn: boolean;
}

/** `commit` is 0 for a transaction that was rolled back. */
export interface Fate {
  readonly type: 'Fate';
  readonly start: Timestamp;
  readonly commit: Timestamp;
}

export type PercolatorMessage =
  | GetTimestamp
  | GivenTimestamp
  | Get
  | GetReply
  | Prewrite
  | PrewriteReply
  | CommitKey
  | CommitReply
  | Rollback
  | Check
  | Fate;

export type PercolatorTimer = 'tick' | 'backoff';

export type PercolatorEffects = Effects<PercolatorMessage, PercolatorTimer>;

/** `n1.1 x @7` */
export function describeMessage(message: PercolatorMessage): string {
  switch (message.type) {
    case 'GetTimestamp':
      return `${message.id} ${message.phase}`;
    case 'GivenTimestamp':
      return `${message.id} ${message.phase} @${message.timestamp}`;
    case 'Get':
      return `${message.id} ${message.key} @${message.at}`;
    case 'GetReply':
      return `${message.id} ${message.key}=${JSON.stringify(message.value)}`;
    case 'Prewrite':
      return `${message.id} ${message.key}=${JSON.stringify(message.value)} @${message.start}`;
    case 'PrewriteReply':
      return `${message.id} ${message.key} ${message.locked ? 'ok' : 'conflict'}`;
    case 'CommitKey':
      return `${message.id} ${message.key} @${message.start}->${message.commit}`;
    case 'CommitReply':
      return `${message.id} ${message.key} ${message.committed ? 'ok' : 'rolled back'}`;
    case 'Rollback':
    case 'Check':
      return `${message.key} @${message.start}`;
    case 'Fate':
      return `@${message.start} ${message.commit === 0 ? 'rolled back' : `->${message.commit}`}`;
  }
}
