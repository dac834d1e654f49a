/** Brute-force oracles for transactions: every order, and every interleaving of snapshots. */
import type { History, Operation } from '../../sim/history/operation.ts';
import type { MicroOperation, TransactionInput } from '../../sim/history/vocabulary.ts';

type State = Readonly<Record<string, unknown>>;
type Binds = 'nothing' | 'session' | 'realtime';

/** The state after a transaction that reads from `snapshot`; null when a read disagrees. */
function execute(operation: Operation, snapshot: State, target: State): State | null {
  const isTold = operation.outcome === 'ok';
  const ops = (
    isTold ? operation.output : (operation.input as TransactionInput).ops
  ) as readonly MicroOperation[];
  const view: Record<string, unknown> = { ...snapshot };
  const written: Record<string, unknown> = { ...target };
  for (const [f, key, value] of ops) {
    if (f === 'r' && isTold && JSON.stringify(value ?? null) !== show(view[key], value))
      return null;
    if (f === 'r') continue;
    const change = (held: unknown): unknown =>
      f === 'w' ? value : [...((held ?? []) as unknown[]), value];
    view[key] = change(view[key]);
    written[key] = change(written[key]);
  }
  return written;
}

/** An empty list and no list at all read the same. */
function show(held: unknown, told: unknown): string {
  return JSON.stringify(held ?? (Array.isArray(told) ? [] : null));
}

function mustPrecede(history: History, binds: Binds): (a: Operation, b: Operation) => boolean {
  return (a, b) => {
    if (binds === 'nothing' || a.outcome !== 'ok') return false;
    if (a.client === b.client && history.indexOf(a) < history.indexOf(b)) return true;
    return binds === 'realtime' && a.completedAt !== null && a.completedAt < b.invokedAt;
  };
}

/** One after the other; crashed ones at any place or not at all. */
export function isSerializable(history: History, binds: Binds): boolean {
  const precedes = mustPrecede(history, binds);
  const extend = (state: State, left: readonly Operation[]): boolean => {
    if (left.every(({ outcome }) => outcome === 'info')) return true;
    return left.some((next) => {
      if (left.some((other) => other !== next && precedes(other, next))) return false;
      const after = execute(next, state, state);
      return (
        after !== null &&
        extend(
          after,
          left.filter((other) => other !== next),
        )
      );
    });
  };
  return extend(
    {},
    history.filter(({ outcome }) => outcome !== 'fail'),
  );
}

/** Every interleaving of begins and commits; of two overlapping writers of a key, one aborts. */
export function isSnapshotIsolated(history: History, binds: Binds): boolean {
  const precedes = mustPrecede(history, binds);
  const writes = (operation: Operation): string[] =>
    (operation.input as TransactionInput).ops.flatMap(([f, key]) => (f === 'r' ? [] : [key]));
  const extend = (
    state: State,
    left: readonly Operation[],
    active: ReadonlyMap<Operation, State>,
  ): boolean => {
    if (active.size === 0 && left.every(({ outcome }) => outcome === 'info')) return true;
    for (const [operation, snapshot] of active) {
      const after = execute(operation, snapshot, state);
      const rest = new Map(active);
      rest.delete(operation);
      if (after !== null && extend(after, left, rest)) return true;
    }
    return left.some((next) => {
      const waits = [...left, ...active.keys()];
      if (waits.some((other) => other !== next && precedes(other, next))) return false;
      const mine = writes(next);
      const conflicts = [...active.keys()].some((other) =>
        writes(other).some((key) => mine.includes(key)),
      );
      if (conflicts) return false;
      const rest = left.filter((other) => other !== next);
      return extend(state, rest, new Map(active).set(next, state));
    });
  };
  return extend(
    {},
    history.filter(({ outcome }) => outcome !== 'fail'),
    new Map(),
  );
}
