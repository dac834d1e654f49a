/** What a sequential object is: the specification a history is held against. */
import type { Operation } from '../../sim/history/operation.ts';
import type { Value } from '../../sim/history/vocabulary.ts';

/**
 * A sequential, deterministic object. Only `step` is needed; every other member is an optional hook
 * that makes checking faster or its explanation clearer, and never changes a verdict.
 */
export interface Model<State = unknown, Input = unknown, Output = unknown> {
  readonly name: string;
  readonly initial: State;
  /**
   * The state after the operation, or null when it cannot answer `output` in this state. `output`
   * is undefined when nobody saw the answer: then any answer will do, and null means that the
   * operation cannot take place here at all. States are never changed in place.
   */
  step(state: State, input: Input, output: Output | undefined): State | null;
  /**
   * Operations on different keys do not touch each other: `step` sees the operations of one key.
   * Undefined: this one touches all, and then `step` must take the operations of all keys.
   */
  partitionBy?(input: Input): string | undefined;
  /** The operation never changes any state in which it can answer so (R2 of the README). */
  isPure?(input: Input, output: Output | undefined): boolean;
  /** Two states are equal exactly when their keys are. Default: their JSON. */
  keyOf?(state: State): string;
  /** For registers: what the operation observes and produces. Null: it cannot be told. */
  access?(input: Input, output: Output | undefined): Access | null;
  /** The initial value of a register with `access`. */
  readonly initialValue?: Value;
  /** Further knowledge about one partition, for the search to prune with (R4, R6). */
  foresee?(operations: readonly Foreseen<Input, Output>[]): Foresight<State>;
  /** The operation in a few words: `write 3`, `read → 3`. */
  describe?(input: Input, output: Output | undefined): string;
}

/**
 * How an operation touches a register: it needs the register to hold `observes`, and leaves
 * `produces` in it. `avoids` is for a failed compare-and-swap that does not say what it saw.
 */
export interface Access {
  readonly observes?: Value;
  readonly produces?: Value;
  readonly avoids?: Value;
}

/** An operation of a partition as the search sees it: positions in the order of events. */
export interface Foreseen<Input = unknown, Output = unknown> {
  readonly input: Input;
  /** Undefined when nobody saw the answer. */
  readonly output: Output | undefined;
  readonly call: number;
  /** Infinity for an operation that may take effect at any later time, or never. */
  readonly return: number;
}

/** Follows a search through one partition and says when it can go no further. */
export interface Foresight<State> {
  /** Whether a crashed operation can matter; one that cannot is left out of the search. */
  matters(operation: number): boolean;
  take(operation: number): void;
  /** Takes back the operation taken last. */
  undo(operation: number): void;
  /**
   * Whether nothing can save the search once `operation` is taken in `before` and leads to
   * `after`. Asked before `take`. At the start of the search both states are the initial one and
   * `operation` is -1.
   */
  isDead(before: State, after: State, operation: number): boolean;
}

/** The operations that count: those that failed never happened. */
export function mayHaveHappened(operation: Operation): boolean {
  return operation.outcome !== 'fail';
}

/** A string, number, boolean or null that is equal for equal values: a key for a Map. */
export function valueKey(value: Value): string | number | boolean | null {
  if (typeof value === 'string') return `"${value}`;
  return typeof value === 'object' && value !== null ? canonical(value) : value;
}

/** JSON with the names of objects in order, so that equal content gives equal text. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined';
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const members = entries.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`);
  return `{${members.join(',')}}`;
}

/** A value in an explanation: strings bare when that is unambiguous. */
export function show(value: unknown): string {
  if (typeof value === 'string' && /^[\w.:/-]+$/.test(value)) return value;
  return canonical(value);
}
