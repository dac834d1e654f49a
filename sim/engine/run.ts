/** The one loop: first the prefix, step by step; then whatever the strategy chooses. */
import { Choices } from './choices.ts';
import { EventKind } from './event.ts';
import type { Violation } from './monitor.ts';
import type { World } from './world.ts';

export interface Limits {
  /** The run ends before the first event later than this, in microseconds. */
  readonly untilUs: number;
  readonly maxEvents: number;
  /** Asked now and then; when true the run ends early (Ctrl-C). */
  readonly interrupted?: () => boolean;
}

export type EndReason = 'violation' | 'time' | 'events' | 'quiet' | 'interrupted';

export interface RunResult {
  readonly reason: EndReason;
  readonly violation: Violation | null;
  /** Events in this run, prefix included. */
  readonly events: number;
  readonly virtualUs: number;
}

/** One step of a prefix: it acts on the world, or says why it cannot. */
export type PrefixStep = (world: World) => string | null;

export interface PrefixFailure {
  readonly step: number;
  readonly reason: string;
}

/** How often a run looks whether it was interrupted. */
const POLL = 1024;

/**
 * Runs a world to a limit or to its first violation. Monitors that speak at the end are asked when
 * the run was neither cut short nor violated. `choices` says what may be next in untimed order:
 * with
 * the bounds of a search, its faults too.
 */
export function run(world: World, limits: Limits, choices?: Choices): RunResult {
  const { strategy } = world.draws;
  const first = world.counters.events;
  strategy.begin({
    nodes: world.nodes.length,
    clients: world.clients.length,
    seed: world.config.seed,
  });
  const reason =
    strategy.order === 'timed'
      ? runTimed(world, limits)
      : runUntimed(world, limits, choices ?? new Choices());
  if (reason === 'time') world.now = limits.untilUs;
  if (reason === 'time' || reason === 'quiet') world.finish();
  const { violation } = world;
  const events = world.counters.events - first;
  strategy.end?.({ events, violation });
  return {
    reason: violation === null ? reason : 'violation',
    violation,
    events,
    virtualUs: world.now,
  };
}

/** Performs the steps of a prefix in order; stops at the first that cannot be done. */
export function runPrefix(world: World, steps: readonly PrefixStep[]): PrefixFailure | null {
  for (let step = 0; step < steps.length && world.violation === null; step++) {
    const reason = (steps[step] as PrefixStep)(world);
    if (reason !== null) return { step, reason };
  }
  return null;
}

function runTimed(world: World, limits: Limits): EndReason {
  const { untilUs, maxEvents, interrupted } = limits;
  for (let count = 0; world.violation === null; count++) {
    if (count >= maxEvents) return 'events';
    if (count % POLL === 0 && interrupted?.() === true) return 'interrupted';
    const event = world.next();
    if (event === null) return 'quiet';
    if (world.schedule.nextTime > untilUs) return 'time';
    world.perform(event);
  }
  return 'violation';
}

function runUntimed(world: World, limits: Limits, choices: Choices): EndReason {
  const { untilUs, maxEvents, interrupted } = limits;
  const { strategy } = world.draws;
  choices.begin(world);
  let reason: EndReason = 'violation';
  for (let count = 0; world.violation === null; count++) {
    if (count >= maxEvents) reason = 'events';
    else if (count % POLL === 0 && interrupted?.() === true) reason = 'interrupted';
    else if (choices.count === 0) reason = 'quiet';
    if (reason !== 'violation') break;
    const index = strategy.choose(choices, count);
    if (index < 0) {
      reason = 'events';
      break;
    }
    const event = choices.take(index);
    if (event.kind === EventKind.fault && event.at > untilUs) {
      reason = 'time';
      break;
    }
    world.perform(event);
    choices.afterEvent();
  }
  choices.end();
  return reason;
}
