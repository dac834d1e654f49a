/** The messages of chain replication: along the chain, and between chain and master. */
import type { Effects, NodeId, RequestId } from '../../sim/engine/protocol.ts';
import type { LoggedCommand } from '../common/sessions.ts';

/** One update of the history (Hist); `term` is the epoch of the head that put it there. */
export type Entry = {
  readonly term: number;
  readonly request: LoggedCommand & { readonly stamp: number };
};

/** What the master decides, one after the other: the epoch counts them. */
export type Configuration = {
  readonly epoch: number;
  /** From head to tail. */
  readonly chain: readonly NodeId[];
  /** Whom the tail brings up to date, to be the next tail (§3.3). */
  readonly joining: NodeId | null;
};

/** Down the chain: updates behind `previousIndex`, and up to where all have everything. */
export interface Forward {
  readonly type: 'Forward';
  readonly epoch: number;
  readonly previousIndex: number;
  readonly entries: readonly Entry[];
  readonly stable: number;
}

/** Up the chain: the sender's disk has everything up to `index`, the tail's up to `stable`. */
export interface Stored {
  readonly type: 'Stored';
  readonly epoch: number;
  readonly index: number;
  readonly stable: number;
}

/** Something is missing in front of what came: the sender has everything up to `index`. */
export interface Gap {
  readonly type: 'Gap';
  readonly epoch: number;
  readonly index: number;
}

/** To the master: the sender is up, and this is the configuration that it knows. */
export interface Alive {
  readonly type: 'Alive';
  readonly epoch: number;
}

export interface Configure extends Configuration {
  readonly type: 'Configure';
}

/** The tail has handed its history over to the node that joins, and answers nobody any more. */
export interface CaughtUp {
  readonly type: 'CaughtUp';
  readonly epoch: number;
}

/** Is the sender still the tail? */
export interface Confirm extends RequestId {
  readonly type: 'Confirm';
  readonly epoch: number;
}

export interface Confirmed extends RequestId {
  readonly type: 'Confirmed';
  readonly epoch: number;
}

export type ChainMessage =
  Forward | Stored | Gap | Alive | Configure | CaughtUp | Confirm | Confirmed;

/** `alive`: a node tells that it is up; `suspect`: the master has not heard from one (its key). */
export type ChainTimer = 'alive' | 'suspect';

export type ChainEffects = Effects<ChainMessage, ChainTimer>;

/** `epoch=2 prev=4 +2 stable=3` */
export function describeMessage(message: ChainMessage): string {
  const epoch = `epoch=${message.epoch}`;
  switch (message.type) {
    case 'Forward': {
      const { previousIndex, entries, stable } = message;
      const more = entries.length === 0 ? '' : ` +${entries.length}`;
      return `${epoch} prev=${previousIndex}${more} stable=${stable}`;
    }
    case 'Stored':
      return `${epoch} index=${message.index} stable=${message.stable}`;
    case 'Gap':
      return `${epoch} index=${message.index}`;
    case 'Configure':
      return `${epoch} ${describeChain(message)}`;
    case 'Confirm':
    case 'Confirmed':
      return `${epoch} ${message.client}/${message.sequence}`;
    case 'Alive':
    case 'CaughtUp':
      return epoch;
  }
}

/** `n1>n2>n3`, `n1>n2 joining=n3` */
export function describeChain({ chain, joining }: Configuration): string {
  return joining === null ? chain.join('>') : `${chain.join('>')} joining=${joining}`;
}
