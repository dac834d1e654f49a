/** A saga's rules: Garcia-Molina and Salem 1987 (GS). A mutant replaces one. */
import type { LedgerEntry } from './state.ts';

export const paperRules = {
  /** GS §3: a step that is asked for again has been done already. */
  isRepeated: (entry: LedgerEntry | undefined): boolean => entry !== undefined,

  /** GS §2: C_n-1, …, C_1: what was done last is taken back first. */
  nextToUndo: (done: readonly number[]): number => done[done.length - 1] ?? -1,

  /** GS §4: the saga log is on the disk before the next step begins. */
  logWaitsForDisk: true,
} satisfies Record<string, unknown>;

/** Booleans widen, so that a mutant may flip them. */
export type SagaRules = {
  readonly [Rule in keyof typeof paperRules]: (typeof paperRules)[Rule] extends boolean
    ? boolean
    : (typeof paperRules)[Rule];
};
