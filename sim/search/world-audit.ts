/** Checks the claim that some messages can do nothing any more against all that was explored. */
import { eventLabel } from '../engine/names.ts';
import type { AnyMessage } from '../engine/protocol.ts';
import { eventOf } from './world-actions.ts';
import type { WorldBounds } from './world-bounds.ts';
import type { Front, Fronts } from './world-fronts.ts';
import type { MessagePart, NodePart } from './world-parts.ts';

/**
 * Null when every message that was taken for inert at some node really does nothing there, nor in
 * any state that the node came to afterwards; else a message that is not inert, in words.
 */
export function auditInert(fronts: Fronts, inert: WorldBounds['inert']): string | null {
  if (inert === undefined) return null;
  const { places, later } = lives(fronts);
  const { messages } = fronts.parts;
  const gone = new Map<NodePart, Set<MessagePart>>();
  for (const part of places.keys()) gone.set(part, inertAt(part, messages, inert));
  spread(gone, later);
  for (const [part, set] of gone) {
    const front = places.get(part) as Front; // `gone` has the keys of `places`.
    for (const message of set) {
      const outcome = part.runtime.status === 'up' ? fronts.deliver(front, message) : null;
      if (outcome === null || (outcome.front === front && outcome.sent.length === 0)) continue;
      return `${eventLabel(fronts.world, eventOf(message))} still does something`;
    }
  }
  return null;
}

/** For each part of a node a front that has it, and the parts that may come next. */
function lives(fronts: Fronts) {
  const places = new Map<NodePart, Front>();
  const later = new Map<NodePart, Set<NodePart>>();
  for (const front of fronts.all.slice()) {
    for (const [i, part] of front.nodes.entries()) {
      if (!places.has(part)) places.set(part, front);
      for (const outcome of front.outcomes.values()) {
        const next = outcome.front.nodes[i] as NodePart;
        if (next === part) continue;
        const known = later.get(part);
        if (known === undefined) later.set(part, new Set([next]));
        else known.add(next);
        if (!places.has(next)) places.set(next, outcome.front);
      }
    }
  }
  return { places, later };
}

function inertAt(
  { index, runtime }: NodePart,
  messages: readonly MessagePart[],
  inert: NonNullable<WorldBounds['inert']>,
): Set<MessagePart> {
  const { state } = runtime;
  if (state === null) return new Set();
  const own = messages.filter(({ to }) => to === index);
  return new Set(own.filter(({ payload }) => inert(payload as AnyMessage, state)));
}

/** What is gone in one part is gone in all that come after it. */
function spread(
  gone: ReadonlyMap<NodePart, Set<MessagePart>>,
  later: ReadonlyMap<NodePart, ReadonlySet<NodePart>>,
): void {
  const todo = [...gone.keys()];
  for (let part = todo.pop(); part !== undefined; part = todo.pop()) {
    const here = gone.get(part) as ReadonlySet<MessagePart>;
    for (const next of later.get(part) ?? []) {
      const there = gone.get(next) as Set<MessagePart>;
      const before = there.size;
      for (const message of here) there.add(message);
      if (there.size > before) todo.push(next);
    }
  }
}
