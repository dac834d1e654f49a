/** Makes counterexamples minimal, for every checker alike. */
import type { History, Operation } from '../../sim/history/operation.ts';
import { item } from './arrays.ts';
import type { Counterexample } from './result.ts';

/** A version of a history: null where an operation is left out. */
export type Selection = readonly (Operation | null)[];

/**
 * How one operation can be made to claim less, the boldest way first: left out (null) when it
 * only read, else `info`. Claiming less must never make a valid history invalid.
 */
export type Weaken = (operation: Operation) => readonly (Operation | null)[];

/** The operation, as one whose outcome nobody knows. */
export function asInfo(operation: Operation): Operation {
  const { output: _output, ...rest } = operation;
  return { ...rest, outcome: 'info', completedAt: null };
}

/** Weakens every operation but those to keep, as far as it goes. */
export function weakenAllBut(
  history: History,
  keep: ReadonlySet<number>,
  weaken: Weaken,
): Selection {
  return history.map((operation, index) =>
    keep.has(index) ? operation : weakest(operation, weaken),
  );
}

function weakest(operation: Operation, weaken: Weaken): Operation | null {
  let current = operation;
  for (;;) {
    const [weaker] = weaken(current);
    if (weaker === undefined) return current;
    if (weaker === null) return null;
    current = weaker;
  }
}

/**
 * A minimal invalid part of an invalid history. Halving first, so that a conflict of k operations
 * among n costs O(k log n) checks; then one by one. `starts` are smaller selections that are
 * probably invalid still. `isInvalid` may give up; then it sets `budget.isSpent` and says false.
 */
function minimize(
  history: History,
  weaken: Weaken,
  isInvalid: (history: History) => boolean,
  budget: { readonly isSpent: boolean },
  starts: readonly (() => Selection)[] = [],
): Omit<Counterexample, 'because'> {
  const holds = (selection: Selection): boolean => isInvalid(compact(selection));
  let current: (Operation | null)[] = [...history];
  const accept = (changed: (Operation | null)[]): boolean => {
    if (!holds(changed)) return false;
    current = changed;
    return true;
  };
  starts.some((start) => accept([...start()]));
  const strong = (): number[] =>
    current.flatMap((operation, index) =>
      operation !== null && weaken(operation).length > 0 ? [index] : [],
    );
  for (let size = strong().length >> 1; size > 1; size >>= 1) {
    const indices = strong();
    for (let from = 0; from < indices.length; from += size) {
      const changed = [...current];
      for (const index of indices.slice(from, from + size)) {
        changed[index] = weakest(item(history, index), weaken);
      }
      accept(changed);
    }
  }
  for (const index of strong()) {
    for (let again = true; again;) {
      const operation = current[index] ?? null;
      again =
        operation !== null &&
        weaken(operation).some((weaker) => accept(current.with(index, weaker)));
    }
  }
  current = dropOptional(current, weaken, holds);
  const positions = current.flatMap((operation, index) => (operation === null ? [] : [index]));
  return {
    history: compact(current),
    positions,
    conflict: positions.filter((index) => current[index]?.outcome !== 'info'),
    minimal: !budget.isSpent,
  };
}

/** How many configurations all the checks for one counterexample may explore together. */
const shrinkBudget = 3_000_000;

/** Minimizes with a checker that takes a limit and may answer unknown; then minimal is false. */
export function shrink(
  history: History,
  weaken: Weaken,
  decide: (history: History, limit: number) => { verdict: string; configurations: number },
  startsOf: (isInvalid: (history: History) => boolean) => readonly (() => Selection)[] = () => [],
): Omit<Counterexample, 'because'> {
  const budget = { left: shrinkBudget, isSpent: false };
  const isInvalid = (candidate: History): boolean => {
    const { verdict, configurations } = decide(candidate, Math.max(1, budget.left));
    budget.left -= configurations;
    if (verdict === 'unknown') budget.isSpent = true;
    return verdict === 'invalid';
  };
  return minimize(history, weaken, isInvalid, budget, startsOf(isInvalid));
}

/** Leaves out the operations that may never have happened, as long as all others stay needed. */
function dropOptional(
  selection: readonly (Operation | null)[],
  weaken: Weaken,
  isInvalid: (selection: Selection) => boolean,
): (Operation | null)[] {
  let current = [...selection];
  const isMinimal = (changed: readonly (Operation | null)[]): boolean =>
    changed.every(
      (operation, index) =>
        operation === null ||
        weaken(operation).every((weaker) => !isInvalid(changed.with(index, weaker))),
    );
  const optional = (): number[] =>
    current.flatMap((operation, index) => (operation?.outcome === 'info' ? [index] : []));
  for (let size = optional().length; size >= 1; size >>= 1) {
    const indices = optional();
    for (let from = 0; from < indices.length; from += size) {
      const changed = [...current];
      for (const index of indices.slice(from, from + size)) changed[index] = null;
      if (isMinimal(changed)) current = changed;
    }
  }
  return current;
}

function compact(selection: Selection): History {
  return selection.filter((operation) => operation !== null);
}
