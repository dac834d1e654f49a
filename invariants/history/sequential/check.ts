/** Sequential consistency of a history against a sequential model. */
import type { History } from '../../../sim/history/operation.ts';
import { layOut } from '../linearizable/partition.ts';
import { tell } from '../explain.ts';
import { shrink } from '../minimize.ts';
import { type Model, canonical } from '../model.ts';
import { type CheckOptions, type CheckResult, defaultConfigurations } from '../result.ts';
import { type Timeline, never, timelineOf } from '../timeline.ts';
import { weakenFor } from '../weaken.ts';
import { SequentialSearch } from './search.ts';

/**
 * Whether one order of all operations, respecting each client's own, explains every answer
 * (Lamport 1979). Not local: keys are never checked apart. NP-complete (Gibbons and Korach 1997);
 * the search is exponential in the number of clients at worst.
 */
export function checkSequential(
  history: History,
  model: Model,
  options: CheckOptions = {},
): CheckResult {
  const whole = wholeOf(model, history);
  const decide = (candidate: History, limit: number): Decision => search(candidate, whole, limit);
  const decision = decide(history, options.configurations ?? defaultConfigurations);
  const result = { ...decision, algorithm: 'search', operations: history.length };
  if (decision.verdict === 'unknown') {
    return { ...result, exhausted: `${decision.configurations} configurations` };
  }
  if (decision.verdict === 'valid' || options.counterexample === false) return result;
  const found = shrink(history, weakenFor(model), decide);
  const told = found.history.filter(({ outcome }) => outcome === 'ok');
  const because = [
    ...programOrder(told, model),
    'No one order of these, each client in turn, gives every operation the answer it got.',
  ];
  return { ...result, counterexample: { ...found, because } };
}

interface Decision {
  readonly verdict: 'valid' | 'invalid' | 'unknown';
  readonly configurations: number;
}

function search(history: History, model: Model, limit: number): Decision {
  const { order, return: end } = timelineOf(history);
  // Real time does not count: everything could be called at once and returns after.
  const timeline: Timeline = {
    order,
    call: new Int32Array(history.length),
    return: end.map((position) => (position === never ? never : 1)),
  };
  const partition = layOut(history, model, timeline, Array.from(order));
  const sequential = new SequentialSearch(history, partition);
  const found = sequential.run(limit);
  const verdict = found === null ? 'unknown' : found ? 'valid' : 'invalid';
  return { verdict, configurations: sequential.configurations };
}

/**
 * A partitioned model as one object: the state of each key that was touched. A model with an
 * operation on all keys is that already; one with a single key needs nothing.
 */
function wholeOf(model: Model, history: History): Model {
  if (model.partitionBy === undefined) return model;
  const keyOfInput = (input: unknown): string => model.partitionBy?.(input) ?? '';
  const keys = new Set(history.map(({ input }) => model.partitionBy?.(input)));
  if (keys.size <= 1 || keys.has(undefined)) return model;
  const keyOfOne = (state: unknown): string =>
    model.keyOf === undefined ? canonical(state) : model.keyOf(state);
  return {
    name: model.name,
    initial: {},
    isPure: (input, output) => model.isPure?.(input, output) ?? false,
    keyOf(state) {
      const entries = Object.entries(state as Record<string, unknown>);
      entries.sort(([a], [b]) => (a < b ? -1 : 1));
      return canonical(entries.map(([key, held]) => [key, keyOfOne(held)]));
    },
    step(state: unknown, input, output) {
      const held = state as Record<string, unknown>;
      const key = keyOfInput(input);
      const before = Object.hasOwn(held, key) ? held[key] : model.initial;
      const after = model.step(before, input, output);
      return after === null ? null : { ...held, [key]: after };
    },
  };
}

function programOrder(history: History, model: Model): string[] {
  return history.flatMap((operation, index) => {
    const next = history.slice(index + 1).find(({ client }) => client === operation.client);
    return next === undefined
      ? []
      : [`${tell(operation, model)} came before ${tell(next, model)}.`];
  });
}
