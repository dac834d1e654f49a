/** The messages of primary–backup replication: shipping the log, and agreeing on a new view. */
import type { Effects, NodeId, RequestId, Response } from '../../sim/engine/protocol.ts';
import type { LoggedCommand } from '../common/sessions.ts';

/** One write in the log; `term` is the epoch of the primary that put it there. */
export type Entry = {
  readonly term: number;
  /** Null: what a new primary begins its epoch with. */
  readonly request: (LoggedCommand & { readonly stamp: number }) | null;
};

/** The epoch is the fencing token of whoever sends. */
type Fenced = { readonly epoch: number };

/** Append these entries behind (previousIndex, previousEpoch). */
export interface Replicate extends Fenced {
  readonly type: 'Replicate';
  readonly previousIndex: number;
  readonly previousEpoch: number;
  readonly entries: readonly Entry[];
  /** Every position up to here has been acknowledged to its client. */
  readonly committed: number;
}

/** The sender's disk agrees with the primary's log up to `index`. */
export interface Acknowledge extends Fenced {
  readonly type: 'Acknowledge';
  readonly index: number;
}

/** The entries do not fit: begin behind `lastIndex` at most. */
export interface Missing extends Fenced {
  readonly type: 'Missing';
  readonly lastIndex: number;
}

/** Your epoch is over: it is this one. */
interface Stale extends Fenced {
  readonly type: 'Stale';
}

/** Promise to listen to nobody of a lower epoch, and say how far your log goes. */
export interface NewView extends Fenced {
  readonly type: 'NewView';
}

export interface PromiseView extends Fenced {
  readonly type: 'PromiseView';
  readonly lastEpoch: number;
  readonly lastIndex: number;
}

/** Yours is the best log of all that promised: lead this epoch. */
export interface Promote extends Fenced {
  readonly type: 'Promote';
}

export type ReplicationMessage =
  Replicate | Acknowledge | Missing | Stale | NewView | PromiseView | Promote;

/** `failover`: no primary is heard; `fallback`: no backup acknowledges; `apply`: one more write. */
export type ReplicationTimer = 'heartbeat' | 'failover' | 'fallback' | 'apply';

export type ReplicationEffects = Effects<ReplicationMessage, ReplicationTimer>;

/** How far a log goes: the greater epoch, then the greater index, is ahead. */
export type Extent = { readonly lastEpoch: number; readonly lastIndex: number };

/** A promise as the candidate keeps it. */
export type Promised = Extent & { readonly node: NodeId };

/** A client that waits for an entry; its answer, once the entry is applied. */
export interface Waiting extends RequestId {
  readonly index: number;
  answer: Response | null;
}

/** `epoch=2 prev=4/1 +2 committed=4` */
export function describeMessage(message: ReplicationMessage): string {
  const epoch = `epoch=${message.epoch}`;
  switch (message.type) {
    case 'Replicate': {
      const { previousIndex, previousEpoch, entries, committed } = message;
      const more = entries.length === 0 ? '' : ` +${entries.length}`;
      return `${epoch} prev=${previousIndex}/${previousEpoch}${more} committed=${committed}`;
    }
    case 'Acknowledge':
      return `${epoch} index=${message.index}`;
    case 'Missing':
      return `${epoch} last=${message.lastIndex}`;
    case 'PromiseView':
      return `${epoch} last=${message.lastIndex}/${message.lastEpoch}`;
    case 'Stale':
    case 'NewView':
    case 'Promote':
      return epoch;
  }
}
