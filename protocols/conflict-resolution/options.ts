/** What can be chosen about replicas that write on their own and merge later. */
import type { ClockKind } from './hybrid-clock.ts';
import type { TypeName } from './types/index.ts';

/** An alias, so that it counts as plain data. */
export type ConflictOptions = {
  /** What every key holds. */
  readonly type: TypeName;
  /** What stamps versions (lww-register): the node's clock, Lamport's, or a hybrid of both. */
  readonly clock: ClockKind;
  /** What replicas send one another: all they have, or what has changed. */
  readonly gossip: 'state' | 'delta';
  /** So often a replica sends to another one, which is drawn. */
  readonly gossipMs: number;
  /** Changes that are kept for others; who lacks more gets the whole state. */
  readonly deltasKept: number;
  /** So long after the last update and fault all replicas are equal: rounds of gossip, latency. */
  readonly settleMs: number;
  /** A retried update is known by its key. */
  readonly deduplicate: boolean;
};

/**
 * Rumours reach everybody in log2(n) + ln(n) rounds and a tail that shrinks e-fold with each more
 * (Pittel 1987): forty leave room for clusters of a thousand, and for loss.
 */
const ROUNDS = 40;

/** How long replicas may differ that gossip so often, when a message and its disk take so long. */
export function settleMsOf(gossipMs: number, delayMs: number): number {
  return ROUNDS * (gossipMs + delayMs);
}

export const defaultOptions: ConflictOptions = Object.freeze({
  type: 'lww-register',
  clock: 'hybrid',
  gossip: 'state',
  gossipMs: 50,
  deltasKept: 256,
  settleMs: settleMsOf(50, 0),
  deduplicate: true,
});
