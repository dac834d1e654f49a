/** The one loop: first the prefix, step by step; then whatever the strategy chooses. */
import { EventKind, type PendingEvent } from './event.ts';
import type { Violation } from './monitor.ts';
import type { Enabled } from './strategy.ts';
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
 * the run was neither cut short nor violated.
 */
export function run(world: World, limits: Limits): RunResult {
  const { strategy } = world.draws;
  const first = world.counters.events;
  strategy.begin({
    nodes: world.nodes.length,
    clients: world.clients.length,
    seed: world.config.seed,
  });
  const reason = strategy.order === 'timed' ? runTimed(world, limits) : runUntimed(world, limits);
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

function runUntimed(world: World, limits: Limits): EndReason {
  const { untilUs, maxEvents, interrupted } = limits;
  const { strategy } = world.draws;
  for (let count = 0; world.violation === null; count++) {
    if (count >= maxEvents) return 'events';
    if (count % POLL === 0 && interrupted?.() === true) return 'interrupted';
    const choices = enabled(world);
    if (choices.count === 0) return 'quiet';
    const event = choices.at(strategy.choose(choices, count));
    if (event.at > untilUs && event.kind === EventKind.fault) return 'time';
    world.perform(event);
  }
  return 'violation';
}

/** Classes in the order in which choices are listed: the benign ones first. */
const CLASS_OF_KIND: readonly number[] = [0, 0, 0, 1, 3, 0, 3, 4];

/**
 * Everything that may happen next in untimed order, class by class: deliveries and completed
 * writes, then new operations, then timers, then faults; the oldest of a class first. A fault of
 * the timeline may only happen in its turn.
 */
export function enabled(world: World): Enabled {
  const list: PendingEvent[] = [];
  let fault: PendingEvent | null = null;
  world.schedule.each((event) => {
    if (event.kind === EventKind.fault) {
      if (fault === null || event.at < fault.at || (event.at === fault.at && event.id < fault.id)) {
        fault = event;
      }
    } else if (mayHappen(world, event)) {
      list.push(event);
    }
  });
  if (fault !== null) list.push(fault);
  list.sort((a, b) => classOf(a) - classOf(b) || a.id - b.id);
  return { count: list.length, at: (index) => list[index] as PendingEvent };
}

function classOf(event: PendingEvent): number {
  return CLASS_OF_KIND[event.kind] as number;
}

/** Whether a pending event could be next: timers while armed, nothing at a paused node. */
export function mayHappen(world: World, event: PendingEvent): boolean {
  if (event.kind === EventKind.timer) return world.isArmed(event);
  if (event.kind === EventKind.clientTimer) return world.isArmed(event);
  const node = world.nodes[event.actor];
  return node === undefined || node.status !== 'paused';
}
