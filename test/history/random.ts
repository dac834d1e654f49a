/** Random histories from a seed, for the differential tests of the checkers. */
import type { History, Operation } from '../../sim/history/operation.ts';

/** Integers from a seed (xorshift32), so that a failing case can be had again. */
export function randomFrom(seed: number): (bound: number) => number {
  let x = Math.imul(seed + 1, 0x9e3779b1) || 1;
  return (bound) => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) % bound;
  };
}

export interface HistoryShape<State> {
  readonly clients: number;
  readonly operations: number;
  /** One in so many operations crashes, another one in so many fails. */
  readonly crashOneIn: number;
  readonly initial: State;
  /** The next operation: its input. */
  readonly input: (random: (bound: number) => number, count: number) => unknown;
  /** Applies it to the real object. */
  readonly apply: (
    state: State,
    input: never,
  ) => { readonly state: State; readonly output: unknown };
  /** An answer that may be wrong. */
  readonly perturb: (random: (bound: number) => number, input: never, output: unknown) => unknown;
  /** One in so many answers is perturbed. */
  readonly perturbOneIn: number;
}

interface OpenOperation {
  readonly input: unknown;
  readonly invokedAt: number;
  readonly slot: number;
  readonly willCrash: boolean;
  readonly takesEffect: boolean;
  output: unknown;
  isApplied: boolean;
}

/**
 * Clients run against one real object; each operation takes effect at a random moment while it is
 * open, a crashed one perhaps later or never. Then some answers are changed.
 */
export function randomHistory<State>(seed: number, shape: HistoryShape<State>): History {
  const random = randomFrom(seed);
  const open: (OpenOperation | null)[] = Array.from({ length: shape.clients }, () => null);
  const lingering: OpenOperation[] = [];
  const history: Operation[] = [];
  const names = open.map((_, client) => `c${client}`);
  let { initial: state } = shape;
  let time = 0;
  const apply = (operation: OpenOperation): void => {
    if (operation.isApplied || !operation.takesEffect) return;
    operation.isApplied = true;
    ({ state, output: operation.output } = shape.apply(state, operation.input as never));
  };
  const complete = (client: number, operation: OpenOperation): void => {
    open[client] = null;
    const { slot, invokedAt, input } = operation;
    const base = { client: names[client] ?? '', input, invokedAt };
    if (operation.willCrash) {
      lingering.push(operation);
      history[slot] = { ...base, outcome: 'info', completedAt: null };
      return;
    }
    if (!operation.takesEffect) {
      history[slot] = { ...base, outcome: 'fail', completedAt: time };
      return;
    }
    apply(operation);
    const isChanged = random(shape.perturbOneIn) === 0;
    const output = isChanged
      ? shape.perturb(random, input as never, operation.output)
      : operation.output;
    history[slot] = { ...base, outcome: 'ok', output, completedAt: time };
  };
  while (history.length < shape.operations || open.some((operation) => operation !== null)) {
    // Now and then two events share a moment: then they are concurrent.
    time += random(5) === 0 ? 0 : 1;
    const client = random(shape.clients);
    const operation = open[client] ?? null;
    if (operation === null && history.length < shape.operations) {
      const willCrash = random(shape.crashOneIn) === 0;
      const fails = !willCrash && random(shape.crashOneIn) === 0;
      const input = shape.input(random, history.length);
      const started: OpenOperation = {
        input,
        invokedAt: time,
        slot: history.length,
        willCrash,
        takesEffect: willCrash ? random(2) === 0 : !fails,
        output: undefined,
        isApplied: false,
      };
      open[client] = started;
      history.push({
        client: names[client] ?? '',
        input,
        invokedAt: time,
        outcome: 'info',
        completedAt: null,
      });
    } else if (operation !== null) {
      if (random(2) === 0 && !operation.willCrash) apply(operation);
      else complete(client, operation);
    }
    const late = lingering[random(lingering.length + 1)];
    if (late !== undefined && random(3) === 0) apply(late);
  }
  return history;
}
