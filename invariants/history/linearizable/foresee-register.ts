/** What a register's accesses tell the search in advance (R4). */
import { at } from '../arrays.ts';
import { type Access, type Foreseen, type Foresight, type Model, valueKey } from '../model.ts';

/**
 * R4: a value must not be left while a completed reader of it remains and no other producer of it
 * is called before that reader returns. O(1) a step: per value, the readers still to come are a
 * list in the order of their returns and the producers a list in the order of their calls.
 */
export function foreseeRegister(model: Model, operations: readonly Foreseen[]): Foresight<unknown> {
  const accesses = operations.map(({ input, output }) => model.access?.(input, output) ?? {});
  const valueIds = new Map<unknown, number>();
  const idOf = (access: Access, part: 'observes' | 'produces'): number => {
    const value = access[part];
    if (value === undefined) return -1;
    const key = valueKey(value);
    const id = valueIds.get(key) ?? valueIds.size;
    valueIds.set(key, id);
    return id;
  };
  const initial = idOf({ produces: model.initialValue ?? null }, 'produces');
  const observes = accesses.map((access) => idOf(access, 'observes'));
  const produces = accesses.map((access) => idOf(access, 'produces'));
  const reads = (operation: number): boolean => (operations[operation]?.return ?? 0) < Infinity;
  const byReturn = (a: number, b: number): number =>
    (operations[a]?.return ?? 0) - (operations[b]?.return ?? 0);
  const byCall = (a: number, b: number): number =>
    (operations[a]?.call ?? 0) - (operations[b]?.call ?? 0);
  const readers = linkByValue(valueIds.size, observes, reads, byReturn);
  const producers = linkByValue(valueIds.size, produces, () => true, byCall);
  const matters = relevantValues(accesses, observes, produces, reads, valueIds.size);
  const held: number[] = [initial];

  /** Whether the first reader of a value still to come can find it only by staying there. */
  const isStranded = (value: number): boolean => {
    const reader = readers.first(value);
    if (reader < 0) return false;
    const producer = producers.first(value);
    return producer < 0 || (operations[producer]?.call ?? 0) > (operations[reader]?.return ?? 0);
  };
  return {
    matters: (operation) => matters[produces[operation] ?? -1] === 1,
    take(operation) {
      readers.remove(operation);
      producers.remove(operation);
      const produced = produces[operation] ?? -1;
      held.push(produced < 0 ? (held.at(-1) ?? initial) : produced);
    },
    undo(operation) {
      held.pop();
      producers.restore(operation);
      readers.restore(operation);
    },
    isDead(_before, _after, operation) {
      const from = held.at(-1) ?? initial;
      if (operation < 0) {
        for (let value = 0; value < valueIds.size; value += 1) {
          if (value !== from && isStranded(value)) return true;
        }
        return false;
      }
      const to = produces[operation] ?? -1;
      if (to < 0 || to === from) return false;
      // The operation that leaves the value may be the one that had to find it there.
      readers.remove(operation);
      const isDead = isStranded(from);
      readers.restore(operation);
      return isDead;
    },
  };
}

interface Links {
  /** The first operation left of a value, or -1. */
  first(value: number): number;
  remove(operation: number): void;
  /** Undoes the removal done last. */
  restore(operation: number): void;
}

/** One doubly linked list per value; removal and its undoing are O(1). */
function linkByValue(
  valueCount: number,
  valueOf: readonly number[],
  belongs: (operation: number) => boolean,
  order: (a: number, b: number) => number,
): Links {
  const count = valueOf.length;
  // Cells 0 … count-1 are operations; cell count+v is the head of the list of value v.
  const next = new Int32Array(count + valueCount).fill(-1);
  const previous = new Int32Array(count + valueCount).fill(-1);
  const tail = Int32Array.from({ length: valueCount }, (_, value) => count + value);
  const members: number[] = [];
  let isOrdered = true;
  for (let operation = 0; operation < count; operation += 1) {
    if ((valueOf[operation] ?? -1) < 0 || !belongs(operation)) continue;
    isOrdered &&= members.length === 0 || order(members.at(-1) ?? 0, operation) <= 0;
    members.push(operation);
  }
  if (!isOrdered) members.sort(order);
  for (const operation of members) {
    const value = valueOf[operation] ?? 0;
    next[at(tail, value)] = operation;
    previous[operation] = at(tail, value);
    tail[value] = operation;
  }
  return {
    first: (value) => at(next, count + value),
    remove(operation) {
      const [before, after] = [at(previous, operation), at(next, operation)];
      if (before < 0) return;
      next[before] = after;
      if (after >= 0) previous[after] = before;
    },
    restore(operation) {
      const [before, after] = [at(previous, operation), at(next, operation)];
      if (before < 0) return;
      next[before] = operation;
      if (after >= 0) previous[after] = operation;
    },
  };
}

/**
 * The values worth a crashed operation: a completed operation observes them, or a crashed one that
 * leads to such a value does. With an operation that only tells what it did not see, all are.
 */
function relevantValues(
  accesses: readonly Access[],
  observes: readonly number[],
  produces: readonly number[],
  isCompleted: (operation: number) => boolean,
  valueCount: number,
): Uint8Array {
  const relevant = new Uint8Array(valueCount);
  if (accesses.some((access) => access.avoids !== undefined)) return relevant.fill(1);
  const crashedInto = new Map<number, number[]>();
  const queue: number[] = [];
  const mark = (value: number): void => {
    if (value < 0 || relevant[value] === 1) return;
    relevant[value] = 1;
    queue.push(value);
  };
  for (const [operation, value] of observes.entries()) {
    const target = produces[operation] ?? -1;
    if (isCompleted(operation)) mark(value);
    else if (value >= 0) crashedInto.set(target, [...(crashedInto.get(target) ?? []), value]);
  }
  for (let value = queue.pop(); value !== undefined; value = queue.pop()) {
    for (const source of crashedInto.get(value) ?? []) mark(source);
  }
  return relevant;
}
