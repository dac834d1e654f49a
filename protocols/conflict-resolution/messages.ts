/** The messages of gossip: whole states, or what has changed since the last acknowledgement. */
import type { Effects, Plain } from '../../sim/engine/protocol.ts';
import type { HybridClock } from './hybrid-clock.ts';
import type { Vector } from './vectors.ts';

/** What a replica holds under a key. */
export type Item = {
  /** The state of the replicated type, or a delta of it. */
  readonly state: Plain;
  /** How many updates of this key by each node are in it. */
  readonly updates: Vector;
};

export type KeyedItem = Item & { readonly key: string };

interface Gossip {
  readonly items: readonly KeyedItem[];
  /** The sender's clock. */
  readonly clock: HybridClock;
}

/** Everything that the sender has. Merged twice, or late, it changes nothing. */
export interface Whole extends Gossip {
  readonly type: 'Whole';
  /** The sender's last change, when it keeps deltas. */
  readonly upTo: number;
}

/** The sender's changes up to `upTo` that the receiver has not acknowledged. */
export interface Deltas extends Gossip {
  readonly type: 'Deltas';
  readonly upTo: number;
}

/** The sender's disk has everything up to this change of the receiver. */
export interface Acknowledge {
  readonly type: 'Acknowledge';
  readonly upTo: number;
}

export type ConflictMessage = Whole | Deltas | Acknowledge;

export type ConflictTimer = 'gossip';

export type ConflictEffects = Effects<ConflictMessage, ConflictTimer>;

/** `up-to=4 x={n1:1,n2:3}` */
export function describeMessage(message: ConflictMessage): string {
  const upTo = `up-to=${message.upTo}`;
  if (message.type === 'Acknowledge') return upTo;
  return [upTo, ...message.items.map(({ key, updates }) => `${key}=${describe(updates)}`)].join(
    ' ',
  );
}

function describe(updates: Vector): string {
  return `{${Object.entries(updates)
    .map(([node, count]) => `${node}:${count}`)
    .join()}}`;
}
