/** The messages of range partitioning: requests on their way to an owner, ranges on their way. */
import type { Effects, RequestId, Response } from '../../../sim/engine/protocol.ts';
import type { Command } from '../../../sim/engine/protocol.ts';
import type { HostMessage, HostTimer } from '../../common/embed.ts';
import type { MachineSnapshot } from '../../common/state-machine.ts';

/** A request, from the router that a client has asked to whom it believes to own the key. */
export type Forward = RequestId & {
  readonly type: 'Forward';
  readonly command: Command;
  /** Where the range begins, and the epoch under which the router knows it. */
  readonly start: string;
  readonly epoch: number;
};

export type Forwarded = RequestId & {
  readonly type: 'Forwarded';
  /** Of which range this is the answer: a scan has several. */
  readonly start: string;
  readonly response: Response;
};

/** Not mine, or not in this epoch: the route is stale. */
export type Misrouted = RequestId & { readonly type: 'Misrouted'; readonly start: string };

/** A range with all that is in it, from its owner to the next one. */
export interface Transfer {
  readonly type: 'Transfer';
  readonly start: string;
  /** The first key that is not in it; null: it has no end. */
  readonly end: string | null;
  /** The epoch in which the receiver will own it. */
  readonly epoch: number;
  readonly content: MachineSnapshot;
}

/** The range is on the sender's disk, and not served yet. */
export interface Transferred {
  readonly type: 'Transferred';
  readonly start: string;
  readonly epoch: number;
}

/** The directory names you now. */
export interface Activate {
  readonly type: 'Activate';
  readonly start: string;
  readonly epoch: number;
}

/** How much a node had to do since the last report. */
export interface Load {
  readonly type: 'Load';
  readonly operations: number;
}

export type RangeMessage =
  Forward | Forwarded | Misrouted | Transfer | Transferred | Activate | Load | HostMessage;

export type RangeTimer = 'tick' | 'balance' | HostTimer;

export type RangeEffects = Effects<RangeMessage, RangeTimer>;

/** `c1/3 get k2 @4` */
export function describeMessage(message: RangeMessage): string {
  switch (message.type) {
    case 'Forward': {
      const { client, sequence, command, epoch } = message;
      const key = command['key'];
      const what = typeof key === 'string' ? `${command.type} ${key}` : command.type;
      return `${client}/${sequence} ${what} @${epoch}`;
    }
    case 'Forwarded':
    case 'Misrouted':
      return `${message.client}/${message.sequence}`;
    case 'Transfer':
    case 'Transferred':
    case 'Activate':
      return `[${message.start}.. @${message.epoch}`;
    case 'Load':
      return `${message.operations}`;
    case 'Inner':
      return `${message.group} ${message.message.type}`;
    case 'Ask':
      return `${message.group} ${message.id} ${message.command.type}`;
    case 'Answer':
      return message.id;
  }
}
