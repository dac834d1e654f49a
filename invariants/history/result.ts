/** What every history checker answers: valid, invalid with a minimal counterexample, or unknown. */
import type { History } from '../../sim/history/operation.ts';

export type Verdict = 'valid' | 'invalid' | 'unknown';

/** The answer of a checker. */
export interface CheckResult {
  readonly verdict: Verdict;
  /** Which algorithm decided, in a word: `zones`, `search`, … */
  readonly algorithm: string;
  /** How many operations the history has. */
  readonly operations: number;
  /** How many configurations the search explored; 0 for algorithms that do not search. */
  readonly configurations: number;
  /** Present exactly when invalid and asked for. */
  readonly counterexample?: Counterexample;
  /** What was used up before an answer was found; present exactly when unknown. */
  readonly exhausted?: string;
}

/**
 * A part of the history that is already invalid. Minimal: no completed read can be left out, and no
 * write can be turned into one that may never have happened, without it becoming valid.
 */
export interface Counterexample {
  /** The explanation, a sentence each. */
  readonly because: readonly string[];
  /** The operations in conflict; writes that may never have happened are `info` in it. */
  readonly history: History;
  /** For each operation of `history`, where it stands in the history that was checked. */
  readonly positions: readonly number[];
  /** Those of `positions` that are in conflict: what is left are writes that may have happened. */
  readonly conflict: readonly number[];
  /** False when the budget ended before the counterexample could be made minimal. */
  readonly minimal: boolean;
}

/** Limits and wishes common to all checkers. */
export interface CheckOptions {
  /** How many configurations a search may explore before it answers unknown. Default 2,000,000. */
  readonly configurations?: number;
  /** Whether to make a counterexample when invalid. Default true. */
  readonly counterexample?: boolean;
}

export const defaultConfigurations = 2_000_000;
