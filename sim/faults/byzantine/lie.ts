/** One lie: what a byzantine node has sent is altered on its way, by name. */
import { contentHash, describeMessage, EventKind, eventIdentity } from '../../engine/index.ts';
import { eventLabel, eventStem, findPending } from '../../engine/index.ts';
import type { AnyMessage, Payload, PendingEvent, World } from '../../engine/index.ts';
import type { LieFault } from '../fault.ts';
import { findMessage } from '../one-message.ts';
import type { Performed } from '../performed.ts';
import { liarsOf } from './adversary.ts';
import { delay, type Liars } from './liars.ts';
import { resigned } from './signatures.ts';
import { isAlterable, isEqual, valueAt, withValue } from './structure.ts';

/**
 * The sender counts as byzantine from now on. What is not on its way cannot be lied about, and a
 * lie that says the same is none: then nothing happens.
 */
export function performLie(world: World, fault: LieFault): Performed {
  const event = messageOf(world, fault.message);
  if (event === null) return skipped(fault, 'it is not on its way');
  const { from } = event;
  if (from < 0 || from >= world.nodes.length) return skipped(fault, 'no node has sent it');
  const liars = liarsOf(world);
  const { silence, byUs, also } = fault;
  const truth = wordsOf(world, event, event.payload);
  const message = eventIdentity(world, event);
  const done = { ...fault, message, truth };
  if (silence === true) {
    liars.mark(from);
    world.schedule.remove(event);
    return { done, undo: null };
  }
  if (byUs !== undefined) {
    liars.mark(from);
    delay(world, event, byUs);
    return { done, undo: null };
  }
  const said = saidInstead(world, liars, event, fault);
  if (said === null) return skipped(fault, 'it has no such field');
  if (isEqual(said, event.payload)) return skipped(fault, 'it says nothing else');
  liars.mark(from);
  if (also !== true) world.schedule.remove(event);
  say(world, event, said);
  return { done: { ...done, told: wordsOf(world, event, said) }, undo: null };
}

/** Null when the message has no such field, or it is of another type. */
function saidInstead(
  world: World,
  liars: Liars,
  { payload, from }: PendingEvent,
  { field = '', add, value, instead }: LieFault,
): Payload | null {
  const owned = liars.secretsOf(from).map((node) => world.nodeIds[node] as string);
  const signers = { memory: liars.memory, owned };
  if (instead !== undefined) return resigned(world, signers, payload, instead as Payload);
  const was = valueAt(payload, field);
  if (was === undefined) return null;
  const next = add === undefined ? value : typeof was === 'number' ? was + add : undefined;
  if (next === undefined) return null;
  return resigned(world, signers, payload, withValue(payload, field, next), field);
}

function say(world: World, { kind, at, actor, from }: PendingEvent, payload: Payload): void {
  const { schedule, now, eventIndex } = world;
  schedule.add(kind, Math.max(at, now), actor, from, payload, '', '', eventIndex);
}

/** By identity, as `lose` finds it; or by label, as scripts name events. */
function messageOf(world: World, name: string): PendingEvent | null {
  const isLabel = name.trim().split(/\s+/).length > 2;
  const event = isLabel ? findPending(world, name) : findMessage(world, name);
  return event !== null && isAlterable(event) ? event : null;
}

/** `term=3 prev=4 +2`, and so much of its hash that two that look alike are told apart. */
function wordsOf(world: World, event: PendingEvent, payload: Payload): string {
  const hash = (contentHash(payload as object) >>> 0).toString(16).slice(0, 4);
  const { kind } = event;
  const words =
    kind === EventKind.message
      ? describeMessage(world.protocol, payload as AnyMessage)
      : eventLabel(world, { ...event, payload }).slice(eventStem(world, event).length + 1);
  return `${words} #${hash}`.trimStart();
}

function skipped(fault: LieFault, why: string): Performed {
  return { done: { ...fault, skipped: why }, undo: null };
}
