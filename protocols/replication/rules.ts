/**
 * The rules of primary–backup replication, one function each. The protocol is made from them
 * (`replication`), and a mutant is the same protocol with one rule replaced.
 */
import type { Extent } from './messages.ts';
import { backupsAwaited, type ReplicationOptions } from './options.ts';

export const paperRules = {
  /** Who has promised a view refuses whoever bears the token of an earlier one. */
  isFenced: (tokenEpoch: number, ownEpoch: number): boolean => tokenEpoch < ownEpoch,

  /** A backup appends entry k + 1 only behind the very entry k that the primary has there. */
  followsOn: (termThere: number, previousEpoch: number): boolean => termThere === previousEpoch,

  /** "Persist before you promise": entries that a backup acknowledges survive its crash. */
  acknowledgementWaitsForDisk: true,

  /** The promise to a view survives a crash, or two primaries could be named for one epoch. */
  promiseIsDurable: true,

  /** Backups that must have a write before it is acknowledged. */
  awaited: (options: ReplicationOptions, nodes: number): number => backupsAwaited(options, nodes),

  /**
   * An entry of an earlier epoch counts only below one of the primary's own: a later view could
   * still prefer another log (Raft, §5.4.2, shows how; the rule is the same).
   */
  mayCommit: (entryEpoch: number, ownEpoch: number): boolean => entryEpoch === ownEpoch,

  /** AFTER_SYNC: nobody reads what is not acknowledged (MySQL, since 5.7 the default). */
  visibleUpTo: (committed: number, _lastIndex: number): number => committed,

  /** MySQL's fallback is an option here; null: the primary waits for as long as it takes. */
  fallbackMs: (options: ReplicationOptions): number | null => options.fallbackMs,

  /**
   * Promises that a view takes. A majority, so that no two views share an epoch; and enough to meet
   * the k + 1 nodes of every acknowledged write, n − k (Howard et al., Flexible Paxos, 2016, §5).
   */
  viewQuorum(options: ReplicationOptions, nodes: number): number {
    const majority = Math.floor(nodes / 2) + 1;
    const awaited = backupsAwaited(options, nodes);
    return awaited === 0 ? majority : Math.max(majority, nodes - awaited);
  },

  /** Viewstamped Replication Revisited, §4.2: the latest view's log, and of these the longest. */
  isAhead: (one: Extent, other: Extent): boolean =>
    one.lastEpoch === other.lastEpoch
      ? one.lastIndex > other.lastIndex
      : one.lastEpoch > other.lastEpoch,
} satisfies Record<string, unknown>;

/** Booleans widen, so that a mutant may flip them. */
export type ReplicationRules = {
  readonly [Rule in keyof typeof paperRules]: (typeof paperRules)[Rule] extends boolean
    ? boolean
    : (typeof paperRules)[Rule];
};
