/** A state space as exhaustive search sees it: small models and whole worlds alike. */

/** The identity of a state, in two 32-bit lanes; written into, so that none is allocated. */
export interface Fingerprint {
  high: number;
  low: number;
}

/**
 * `always`: holds in every state. `sometimes`: holds in at least one. `eventually`: no fair path
 * avoids it for ever (asked by `findLasso` only).
 */
export interface Property<State> {
  readonly id: string;
  readonly kind: 'always' | 'sometimes' | 'eventually';
  holds(state: State): boolean;
}

/** States are never changed once made; equal actions are `===`. */
export interface Model<State, Action extends number | string> {
  readonly name: string;
  /** What is explored, in words, for a report. */
  readonly bounds: string;
  initial(): readonly State[];
  /** Appends what may happen in a state, each once, in an order that depends on the state only. */
  actions(state: State, into: Action[]): void;
  /** The state after an action; null when it lies outside the bounds. */
  next(state: State, action: Action): State | null;
  /**
   * Equal for equal states; with symmetry on, for all states that differ by a renaming only. Two
   * different states agree with a chance of about 2^-64.
   */
  fingerprint(state: State, into: Fingerprint): void;
  readonly properties: readonly Property<State>[];
  /**
   * Whether two actions that are enabled together commute: neither disables the other, and both
   * orders end in the same state. For sleep sets.
   */
  independent?(a: Action, b: Action): boolean;
  /**
   * The party that is treated unfairly if it could act for ever and never does; null: nobody minds.
   * Without it every action is a party of its own. For lassos.
   */
  fairness?(action: Action): number | null;
  /** An action in words, a line for each step. */
  describe(state: State, action: Action): readonly string[];
}

/** Where an exploration stops by itself. */
export interface ExplorationLimits {
  /** Actions from the initial state; breadth-first only. Default: no limit. */
  readonly maxDepth?: number;
  /** Distinct states. Default: 50 million. */
  readonly maxStates?: number;
  /** Asked now and then; when true the search ends early. */
  readonly interrupted?: () => boolean;
}

export const defaultMaxStates = 50_000_000;

export interface PropertyViolation<State, Action> {
  readonly property: string;
  readonly path: readonly Action[];
  /** The path in words. */
  readonly steps: readonly string[];
  /** The state in which the property does not hold. */
  readonly state: State;
}

/** What was looked at, and what was found. */
export interface Exploration<State, Action> {
  readonly model: string;
  readonly bounds: string;
  /** Why it ended. Only `complete` has seen every state within the bounds. */
  readonly reason: 'complete' | 'violation' | 'depth' | 'states' | 'interrupted';
  readonly distinct: number;
  /** Initial states and results of actions, repeated ones included. */
  readonly generated: number;
  /** Levels, the initial one included; of a depth-first search, the longest path in states. */
  readonly depth: number;
  /** States that waited at once: a measure of memory. */
  readonly frontierMax: number;
  /** Actions that led out of the bounds, or that the model calls superfluous. */
  readonly outside: number;
  readonly violation: PropertyViolation<State, Action> | null;
  /** The ids of `sometimes` properties that held in no state seen. */
  readonly neverHeld: readonly string[];
}
