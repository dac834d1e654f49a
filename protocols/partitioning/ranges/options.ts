/** What can be chosen about ranges and their directory, in milliseconds and counts. */
import type { NodeId } from '../../../sim/engine/protocol.ts';

/** An alias, so that it counts as plain data. */
export type RangeOptions = {
  /** The nodes that keep the directory: one, or a group that replicates it. */
  readonly directory: readonly NodeId[];
  /** The inner protocol's options. */
  readonly inner: unknown;
  /** Where the ranges begin at first, beside the first one, which begins with ''. */
  readonly boundaries: readonly string[];
  /** Who owns them at first, in turn; null: all nodes. */
  readonly owners: readonly NodeId[] | null;
  /** Whether nodes split, merge and move ranges by themselves. */
  readonly balance: boolean;
  /** How often they look at their load. */
  readonly balanceMs: number;
  /** A range with more operations in that time is hot, and is split. */
  readonly splitOperations: number;
  /** A range with more keys is big, and is split. */
  readonly splitKeys: number;
  /** Two neighbours with fewer operations together are merged. */
  readonly mergeOperations: number;
  readonly resendMs: number;
  /** Ticks without an answer after which a router tells its client. */
  readonly patience: number;
  readonly deduplicate: boolean;
  readonly dedupWindowMs: number;
};

export const defaultOptions: RangeOptions = Object.freeze({
  directory: Object.freeze(['n1']),
  inner: null,
  boundaries: Object.freeze([]),
  owners: null,
  balance: false,
  balanceMs: 500,
  splitOperations: 30,
  splitKeys: 100,
  mergeOperations: 4,
  resendMs: 50,
  patience: 20,
  deduplicate: true,
  dedupWindowMs: 300_000,
});
