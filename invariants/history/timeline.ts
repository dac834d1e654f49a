/** The order of a history's events as small integers, which the searches work on. */
import type { History } from '../../sim/history/operation.ts';
import { at } from './arrays.ts';

/** The position of an operation that never returned: after everything. */
export const never = 0x7fffffff;

export interface Timeline {
  /** Operations that did not fail, in the order of invocation: indices into the history. */
  readonly order: Int32Array;
  /** By index into the history: the position of its invocation among all events. */
  readonly call: Int32Array;
  /** By index into the history: the position of its completion; `never` for `info`. */
  readonly return: Int32Array;
}

/**
 * Numbers the events of a history. An operation precedes another exactly when it completed at a
 * smaller time than the other was invoked; so at equal times invocations come first. O(n log n).
 */
export function timelineOf(history: History): Timeline {
  const call = new Int32Array(history.length);
  const end = new Int32Array(history.length).fill(never);
  const order = indices(history, ({ outcome }) => outcome !== 'fail');
  sortBy(order, (index) => history[index]?.invokedAt ?? 0);
  const completed = indices(history, ({ outcome }) => outcome === 'ok');
  const completion = (index: number): number => history[index]?.completedAt ?? Infinity;
  sortBy(completed, completion);
  let position = 0;
  let done = 0;
  for (const index of order) {
    const invokedAt = history[index]?.invokedAt ?? 0;
    for (; done < completed.length && completion(at(completed, done)) < invokedAt; done += 1) {
      end[at(completed, done)] = position;
      position += 1;
    }
    call[index] = position;
    position += 1;
  }
  for (; done < completed.length; done += 1) {
    end[at(completed, done)] = position;
    position += 1;
  }
  return { order, call, return: end };
}

function indices(history: History, keep: (operation: History[number]) => boolean): Int32Array {
  const found = new Int32Array(history.length);
  let count = 0;
  for (let index = 0; index < history.length; index += 1) {
    const operation = history[index];
    if (operation === undefined || !keep(operation)) continue;
    found[count] = index;
    count += 1;
  }
  return found.subarray(0, count);
}

/** Sorts indices by time, then by index. Histories mostly come in order: then nothing is done. */
function sortBy(order: Int32Array, time: (index: number) => number): void {
  for (let i = 1; i < order.length; i += 1) {
    if (time(at(order, i - 1)) <= time(at(order, i))) continue;
    order.sort((a, b) => time(a) - time(b) || a - b);
    return;
  }
}
