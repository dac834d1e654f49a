/** A shrunk run as the schedule of a scenario, in words that people can read and write. */
import { eventIdentity, eventLabel, EventKind, eventStem, findPending } from '../engine/index.ts';
import type { PendingEvent, World } from '../engine/index.ts';
import type { Fault } from '../faults/index.ts';
import { writeFault, type WrittenStep } from '../scenario/index.ts';
import { findOldest, wantedOf } from '../trace/find.ts';
import type { Step } from '../trace/index.ts';

/**
 * Performs the steps in a fresh world and names each event by the fewest words that mean it there:
 * receiver, sender and type; else the label; else the identity. Null when a step cannot be said so
 * (one of several messages that are equal, but not the oldest).
 */
export function scheduleOf(world: World, steps: readonly Step[]): readonly WrittenStep[] | null {
  const written: WrittenStep[] = [];
  for (const step of steps) {
    if (world.violation !== null) break;
    world.next();
    const { fault, identity, nth } = step;
    const wanted = wantedOf(world, identity);
    const event = wanted === null ? null : findOldest(world, wanted, nth);
    if (fault !== undefined) {
      const line = faultLine(world, fault as Fault);
      if (line === null) return null;
      written.push(line);
      world.perform(event ?? world.scheduleFault(world.now, fault));
    } else if (event === null) {
      return null;
    } else {
      // A step that makes a request also puts it into the node's hands.
      const isRequest = event.kind === EventKind.request && event.from < 0;
      const name = isRequest ? '' : nameOf(world, event);
      if (name === null) return null;
      if (name !== '') written.push(name);
      world.perform(event);
    }
  }
  return written;
}

function faultLine(world: World, fault: Fault): WrittenStep | null {
  if (fault.kind !== 'lose' && fault.kind !== 'repeat') return writeFault(fault);
  const message = findPending(world, fault.message);
  const name = message === null ? null : shortest(world, message);
  return name === null ? null : writeFault({ ...fault, message: name });
}

function nameOf(world: World, event: PendingEvent): string | null {
  const name = shortest(world, event);
  if (name === null) return null;
  switch (event.kind) {
    case EventKind.invoke:
      return name;
    case EventKind.timer:
    case EventKind.clientTimer:
      return `fire ${name}`;
    default:
      return `deliver ${name}`;
  }
}

function shortest(world: World, event: PendingEvent): string | null {
  const names = [eventStem(world, event), eventLabel(world, event), eventIdentity(world, event)];
  return names.find((name) => findPending(world, name) === event) ?? null;
}
