/** The order of a history's events as small integers, which the searches work on. */
import type { History } from '../../sim/history/operation.ts';
import { at, floatAt, item } from './arrays.ts';

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
  const count = history.length;
  const call = new Int32Array(count);
  const end = new Int32Array(count).fill(never);
  const invokedAt = new Float64Array(count);
  const completedAt = new Float64Array(count);
  const order = new Int32Array(count);
  const completed = new Int32Array(count);
  let [called, returned] = [0, 0];
  for (let index = 0; index < count; index += 1) {
    const operation = item(history, index);
    if (operation.outcome === 'fail') continue;
    invokedAt[index] = operation.invokedAt;
    order[called] = index;
    called += 1;
    if (operation.outcome !== 'ok') continue;
    completedAt[index] = operation.completedAt ?? Infinity;
    completed[returned] = index;
    returned += 1;
  }
  const calls = order.subarray(0, called);
  const returns = completed.subarray(0, returned);
  sortByTime(calls, invokedAt);
  sortByTime(returns, completedAt);
  let position = 0;
  let done = 0;
  for (const index of calls) {
    const moment = floatAt(invokedAt, index);
    for (; done < returned && floatAt(completedAt, at(returns, done)) < moment; done += 1) {
      end[at(returns, done)] = position;
      position += 1;
    }
    call[index] = position;
    position += 1;
  }
  for (; done < returned; done += 1) {
    end[at(returns, done)] = position;
    position += 1;
  }
  return { order: calls, call, return: end };
}

/** How many places an entry may be moved on average before sorting by insertion is given up. */
const mostMoves = 64;

/**
 * Sorts indices by time, then by index. Histories come nearly in order: an operation is overtaken
 * by those concurrent with it only, so insertion costs next to nothing.
 */
function sortByTime(order: Int32Array, times: Float64Array): void {
  let left = mostMoves * order.length;
  for (let i = 1; i < order.length; i += 1) {
    const index = at(order, i);
    const time = floatAt(times, index);
    let place = i;
    for (; place > 0 && floatAt(times, at(order, place - 1)) > time; place -= 1) {
      order[place] = at(order, place - 1);
      left -= 1;
    }
    order[place] = index;
    if (left >= 0) continue;
    order.sort((a, b) => floatAt(times, a) - floatAt(times, b) || a - b);
    return;
  }
}
