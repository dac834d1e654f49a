/** A schedule as steps that act on a world, for `runPrefix`, before a run goes on freely. */
import {
  actorName,
  eventIdentity,
  eventLabel,
  eventStem,
  findPending,
  mayHappen,
  type PendingEvent,
  type PrefixStep,
  type World,
} from '../engine/index.ts';
import { awaitCondition, holds } from '../faults/condition.ts';
import type { Condition, Fault } from '../faults/index.ts';
import { formatDuration } from './duration.ts';
import type { ScriptStep } from './script-grammar.ts';
import { nearest } from './suggest.ts';

/**
 * The steps of a script, then one that releases what is still held. Each returns null, or says why
 * it cannot be done. `run` steps go in the order of virtual time and never beyond `untilUs`.
 */
export function scriptSteps(steps: readonly ScriptStep[], untilUs: number): PrefixStep[] {
  const prefix = steps.map(
    (step): PrefixStep =>
      (world) =>
        performStep(world, step, untilUs),
  );
  if (steps.some(({ type }) => type === 'hold')) prefix.push(release);
  return prefix;
}

function release(world: World): null {
  world.schedule.releaseHeld(world.now);
  return null;
}

function performStep(world: World, step: ScriptStep, untilUs: number): string | null {
  switch (step.type) {
    case 'fault':
      return performNow(world, step.fault);
    case 'run':
      return runFor(world, Math.min(untilUs, world.now + step.forUs));
    case 'run-until':
      return runUntil(world, step.condition, untilUs);
    case 'perform':
    case 'hold':
    case 'drop':
    case 'duplicate': {
      const event = findPending(world, step.event);
      if (event === null) return notPending(world, step.event);
      return actOn(world, step.type, event);
    }
  }
}

function actOn(
  world: World,
  action: 'perform' | 'hold' | 'drop' | 'duplicate',
  event: PendingEvent,
): null {
  switch (action) {
    case 'perform':
      world.perform(event);
      return null;
    case 'hold':
      world.schedule.hold(event);
      return null;
    case 'drop':
    case 'duplicate': {
      // As a fault it is an event: a trace of the run knows of it, and can be replayed.
      const kind = action === 'drop' ? 'lose' : 'repeat';
      return performNow(world, { kind, message: eventIdentity(world, event) });
    }
  }
}

function performNow(world: World, fault: Fault): null {
  world.perform(world.scheduleFault(world.now, fault));
  if (fault.kind !== 'request' || world.violation !== null) return null;
  // A script's request is in the node's hands at once; a node that is down never sees it.
  const request = findPending(world, `${fault.node}<-script ${fault.command.type}`);
  if (request !== null) world.perform(request);
  return null;
}

/** Events in the order of virtual time, up to and including those at `untilUs`. */
function runFor(world: World, untilUs: number): null {
  while (world.violation === null) {
    const event = world.next();
    if (event === null || world.nextTime() > untilUs) break;
    world.perform(event);
  }
  if (world.violation === null) world.now = Math.max(world.now, untilUs);
  return null;
}

function runUntil(world: World, condition: Condition, untilUs: number): string | null {
  const wait = awaitCondition(world, condition);
  let actor = -1;
  while (world.violation === null && !holds(world, condition, wait, actor)) {
    const event = world.next();
    if (event === null) return 'nothing more happens, and the condition does not hold';
    if (world.nextTime() > untilUs) {
      return `the condition does not hold before ${formatDuration(untilUs)}, the end of the run`;
    }
    actor = event.actor;
    world.perform(event);
  }
  return null;
}

/** How many pending events a complaint lists. */
const LISTED = 6;

function notPending(world: World, name: string): string {
  const words = name.split(/\s+/);
  const receiver = words[0]?.split('<-')[0];
  const events: PendingEvent[] = [];
  world.schedule.each((event) => {
    if (mayHappen(world, event)) events.push(event);
  });
  events.sort((a, b) => a.id - b.id);
  const stems = events.map((event) => eventStem(world, event));
  const stem = words.slice(0, 2).join(' ').replace(/#.*$/, '');
  const near = stems.includes(stem) ? null : nearest(stem, stems);
  const hint = near === null ? '' : `; did you mean "${near}"?`;
  const own = events.filter(({ actor }) => actorName(world, actor) === receiver);
  const labels = own.map((event) => eventLabel(world, event));
  const shown = labels.slice(0, LISTED).join(' · ');
  const more = labels.length > LISTED ? ` · and ${labels.length - LISTED} more` : '';
  const pending = labels.length === 0 ? 'nothing is' : `${shown}${more}`;
  return `"${name}" is not pending${hint}; at ${receiver} pending: ${pending}`;
}
