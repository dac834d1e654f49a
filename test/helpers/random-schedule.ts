/** A naive random walk over untimed events, weighted by class, for violations to be shrunk. */
import {
  eventIdentity,
  EventKind,
  finish,
  mayHappen,
  mix,
  type FaultAction,
  type PendingEvent,
  type Violation,
  type World,
} from '../../sim/engine/index.ts';
import { countOlderTwins } from '../../sim/trace/find.ts';
import type { Step } from '../../sim/trace/index.ts';

/** How often each class is chosen when it has something to offer. */
export interface Weights {
  readonly deliver: number;
  readonly client: number;
  readonly election: number;
  /** Heartbeats and other timers. */
  readonly timer: number;
  /** Crashes, and restarts of what is down. */
  readonly crash: number;
}

/** As in the reference measurements of the bank: deliver, propose, timeout, send, crash. */
export const bankWeights: Weights = {
  deliver: 6,
  client: 1.5,
  election: 0.7,
  timer: 1,
  crash: 0.5,
};

export interface Walk {
  readonly steps: readonly Step[];
  readonly violation: Violation | null;
}

/** Walks until the first violation or to `maxEvents`. The same seed walks the same way. */
export function walk(
  world: World,
  seed: number,
  maxEvents: number,
  weightsAt: (step: number) => Weights,
): Walk {
  const draw = generator(seed);
  const steps: Step[] = [];
  while (world.violation === null && steps.length < maxEvents) {
    const weights = weightsAt(steps.length);
    const fault =
      draw(1000) * total(weights) < weights.crash * 1000 ? someFault(world, draw) : null;
    const event = fault === null ? pick(world, weights, draw) : null;
    if (fault === null && event === null) continue;
    const chosen = event ?? world.scheduleFault(world.now, fault as FaultAction);
    const name = { identity: eventIdentity(world, chosen), nth: countOlderTwins(world, chosen) };
    steps.push(fault === null ? name : { ...name, fault });
    world.perform(chosen);
    world.next();
  }
  return { steps, violation: world.violation };
}

/** The first walk of the seeds from `from` on that violates one of the invariants late enough. */
export function findViolation(
  makeWorld: () => World,
  {
    from = 1,
    seeds = 500,
    atLeast = 1,
    maxEvents = 400,
    weights = bankWeights,
    later = weights,
    invariants,
  }: Hunt,
): (Walk & { readonly violation: Violation; readonly seed: number }) | null {
  for (let seed = from; seed < from + seeds; seed++) {
    const { steps, violation } = walk(makeWorld(), seed, maxEvents, (step) =>
      step < atLeast ? weights : later,
    );
    if (violation === null || steps.length < atLeast) continue;
    if (invariants !== undefined && !invariants.includes(violation.invariant)) continue;
    return { steps, violation, seed };
  }
  return null;
}

export interface Hunt {
  readonly from?: number;
  readonly seeds?: number;
  readonly atLeast?: number;
  readonly maxEvents?: number;
  readonly weights?: Weights;
  /** From event `atLeast` on; left out: as before. */
  readonly later?: Weights;
  readonly invariants?: readonly string[];
}

type Draw = (bound: number) => number;

function generator(seed: number): Draw {
  let count = 0;
  return (bound) => (finish(mix(mix(0x5eed, seed), count++)) >>> 0) % bound;
}

function total({ deliver, client, election, timer, crash }: Weights): number {
  return deliver + client + election + timer + crash;
}

function pick(world: World, weights: Weights, draw: Draw): PendingEvent | null {
  const classes: PendingEvent[][] = [[], [], [], []];
  world.schedule.each((event) => {
    if (event.kind === EventKind.fault || !mayHappen(world, event)) return;
    classes[classOf(event)]?.push(event);
  });
  const { deliver, client, election, timer } = weights;
  const offers = [deliver, client, election, timer].map((weight, i) =>
    classes[i]?.length === 0 ? 0 : weight,
  );
  let left = (draw(1_000_000) / 1_000_000) * offers.reduce((a, b) => a + b, 0);
  const chosen = offers.findIndex((weight) => (left -= weight) < 0);
  const events = (classes[chosen] ?? []).toSorted((a, b) => a.id - b.id);
  return events.length === 0 ? null : (events[draw(events.length)] as PendingEvent);
}

function classOf({ kind, name }: PendingEvent): number {
  switch (kind) {
    case EventKind.invoke:
    case EventKind.clientTimer:
      return 1;
    case EventKind.timer:
      return name === 'election' ? 2 : 3;
    default:
      return 0;
  }
}

/** A node that is down restarts, or else one that is up crashes. */
function someFault(world: World, draw: Draw): FaultAction | null {
  const down = world.nodes.filter(({ status }) => status === 'down');
  const among = down.length > 0 ? down : world.nodes;
  const node = among[draw(among.length)];
  if (node === undefined) return null;
  return { kind: down.length > 0 ? 'restart' : 'crash', nodes: [node.id] };
}
