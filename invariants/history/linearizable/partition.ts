/** One partition of a history, laid out for the search. */
import type { History } from '../../../sim/history/operation.ts';
import { at, item } from '../arrays.ts';
import type { Foreseen, Foresight, Model } from '../model.ts';
import { type Timeline, never } from '../timeline.ts';
import { foreseeRegister } from './foresee-register.ts';
import { Transitions } from './transitions.ts';

/** Completed operations come first, in call order; then the crashed ones. */
export interface Partition {
  /** By operation: its index into the history. */
  readonly positions: readonly number[];
  readonly completedCount: number;
  readonly call: Int32Array;
  readonly return: Int32Array;
  readonly classOf: Int32Array;
  /** 1 for an operation that never changes a state. */
  readonly pure: Uint8Array;
  /** Crashed operations of equal effect, each list in call order (R3), lists by first call. */
  readonly crashed: readonly Int32Array[];
  /** By crashed operation, counted from the first: its list in `crashed`, or -1. */
  readonly groupOf: Int32Array;
  readonly transitions: Transitions;
  readonly foresight: Foresight<unknown> | null;
}

/** Splits a history by the model's keys: indices into the history, by call order. O(n). */
export function partitionsOf(history: History, model: Model, timeline: Timeline): number[][] {
  const byKey = new Map<string, number[]>();
  const all = Array.from(timeline.order);
  if (model.partitionBy === undefined) return [all];
  for (const index of all) {
    const key = model.partitionBy(item(history, index).input);
    if (key === undefined) return [all];
    const members = byKey.get(key);
    if (members === undefined) byKey.set(key, [index]);
    else members.push(index);
  }
  return [...byKey.values()];
}

/** Lays out one partition. Crashed operations that change nothing are left out (R1). */
export function layOut(
  history: History,
  model: Model,
  timeline: Timeline,
  members: readonly number[],
): Partition {
  const completed: number[] = [];
  const crashed: number[] = [];
  const isPure = (index: number, output: unknown): boolean =>
    model.isPure?.(item(history, index).input, output) ?? false;
  for (const index of members) {
    if (at(timeline.return, index) !== never) completed.push(index);
    else if (!isPure(index, undefined)) crashed.push(index);
  }
  const positions = [...completed, ...crashed];
  const count = positions.length;
  const transitions = new Transitions(model);
  const foreseen: Foreseen[] = [];
  const classOf = new Int32Array(count);
  const pure = new Uint8Array(count);
  const call = new Int32Array(count);
  const end = new Int32Array(count);
  for (let operation = 0; operation < count; operation += 1) {
    const index = item(positions, operation);
    const { input, output: answer } = item(history, index);
    const isCompleted = operation < completed.length;
    const output = isCompleted ? answer : undefined;
    classOf[operation] = isCompleted
      ? transitions.ownClass(input, output)
      : transitions.sharedClass(input, output);
    pure[operation] = isPure(index, output) ? 1 : 0;
    call[operation] = at(timeline.call, index);
    end[operation] = at(timeline.return, index);
    const returns = isCompleted ? at(end, operation) : Infinity;
    foreseen.push({ input, output, call: at(call, operation), return: returns });
  }
  const foresight = foresee(model, foreseen);
  const groups = groupCrashed(classOf, completed.length, foresight);
  const groupOf = new Int32Array(crashed.length).fill(-1);
  for (const [group, list] of groups.entries()) {
    for (const operation of list) groupOf[operation - completed.length] = group;
  }
  return {
    positions,
    completedCount: completed.length,
    call,
    return: end,
    classOf,
    pure,
    crashed: groups,
    groupOf,
    transitions,
    foresight,
  };
}

function foresee(model: Model, operations: readonly Foreseen[]): Foresight<unknown> | null {
  if (model.foresee !== undefined) return model.foresee(operations);
  return model.access === undefined ? null : foreseeRegister(model, operations);
}

/** Leaves out the crashed operations that cannot matter: nobody can tell that they happened. */
function groupCrashed(
  classOf: Int32Array,
  from: number,
  foresight: Foresight<unknown> | null,
): Int32Array[] {
  const groups = new Map<number, number[]>();
  for (let operation = from; operation < classOf.length; operation += 1) {
    if (foresight !== null && !foresight.matters(operation)) continue;
    const group = groups.get(at(classOf, operation));
    if (group === undefined) groups.set(at(classOf, operation), [operation]);
    else group.push(operation);
  }
  return [...groups.values()].map((group) => Int32Array.from(group));
}
