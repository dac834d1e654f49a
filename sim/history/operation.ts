/** What clients saw: the shapes that recorder, checkers and viewer share. */

/** How an operation ended. `info`: nobody knows whether it took, or will yet take, effect. */
export type OutcomeType = 'ok' | 'fail' | 'info';

/**
 * One operation of one client. Times are integers on one common axis (microseconds of virtual time
 * in our runs; any monotone numbering for histories from elsewhere). Operation `a` precedes `b`
 * exactly when `a.completedAt < b.invokedAt`; an `info` operation precedes nothing.
 */
export interface Operation<Input = unknown, Output = unknown> {
  /** A client has at most one operation open at any time. */
  readonly client: string;
  readonly input: Input;
  readonly invokedAt: number;
  /** `fail` means: it certainly did not happen and never will. */
  readonly outcome: OutcomeType;
  /** Present exactly when the outcome is `ok`. */
  readonly output?: Output;
  /** When the client learned the outcome; null while it is open or unknown. */
  readonly completedAt: number | null;
  /** Why it failed or became unknown, in a word of the retry vocabulary (`TIMEOUT`, …). */
  readonly error?: string;
  /** Indices of the trace events that invoked and completed it, for pointing into a trace. */
  readonly invokeEvent?: number;
  readonly completeEvent?: number;
}

/** Operations in the order of their invocation. */
export type History<Input = unknown, Output = unknown> = readonly Operation<Input, Output>[];
