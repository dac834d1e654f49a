/** Percolator's rules, one function each: Peng and Dabek 2010 (PD). A mutant replaces one. */
import type { Timestamp } from './messages.ts';
import type { Row, RowLock } from './state.ts';

export const paperRules = {
  /** PD §2.2, Prewrite: nobody may have written the key since the transaction began. */
  isOutdated: ({ versions }: Row, start: Timestamp): boolean =>
    (versions[versions.length - 1]?.commit ?? 0) > start,

  /** PD §2.2, Get: a lock from before the snapshot may still become a commit before it. */
  hidesSnapshot: (lock: RowLock, at: Timestamp): boolean => lock.start <= at,

  /** PD §2.2, Commit: it counts only as long as the primary is still locked. */
  commitNeedsLock: true,

  /** PD §2.3: a timestamp that may have been given is on the oracle's disk first. */
  oracleRemembers: true,
} satisfies Record<string, unknown>;

/** Booleans widen, so that a mutant may flip them. */
export type PercolatorRules = {
  readonly [Rule in keyof typeof paperRules]: (typeof paperRules)[Rule] extends boolean
    ? boolean
    : (typeof paperRules)[Rule];
};
