/** Finds a pending event of a world by its name, for replay, shrinking and "fork from here". */
import { contentHash, EventKind, eventStem, kindNames, mayHappen } from '../engine/index.ts';
import type { PendingEvent, World } from '../engine/index.ts';
import type { TraceEvent } from './format.ts';

/** A name taken apart for a world of certain actors. */
export interface Wanted {
  readonly stem: string;
  /** Null: any content will do. */
  readonly content: number | null;
  readonly actor: number;
  readonly from: number;
}

/** Takes an identity (`n2<-n1 Vote#1a2b3c4d`) apart; null when it names no actors of this world. */
export function wantedOf(world: World, identity: string): Wanted | null {
  const hash = /#([0-9a-f]{8})$/.exec(identity);
  const stem = hash === null ? identity : identity.slice(0, hash.index);
  const [who = ''] = stem.split(' ', 1);
  const [to = '', from] = who.split('<-');
  const actor = to === 'fault' ? -1 : world.actorIndex.get(to);
  const noSender = from === undefined || from === 'script';
  const sender = noSender ? -1 : world.actorIndex.get(from);
  if (actor === undefined || sender === undefined) return null;
  const content = hash === null ? null : Number.parseInt(hash[1] as string, 16);
  return { stem, content, actor, from: sender };
}

/** The pending event that a trace's event was in its own run, or null when there is none here. */
export function findExact(world: World, event: TraceEvent): PendingEvent | null {
  const kind = kindNames.indexOf(event.kind);
  const { stem, actor, from = -1, content = null, nth = 0 } = event;
  const twins: PendingEvent[] = [];
  each(world, { stem, content, actor, from }, (pending) => {
    if (pending.kind === kind) twins.push(pending);
  });
  if (nth >= twins.length) return null;
  return twins.sort((a, b) => a.id - b.id)[nth] as PendingEvent;
}

/** The oldest pending event that is wanted, or, if there are so many, the one `nth` behind it. */
export function findOldest(world: World, wanted: Wanted, nth = 0): PendingEvent | null {
  if (nth > 0) {
    const twins: PendingEvent[] = [];
    each(world, wanted, (pending) => twins.push(pending));
    if (nth < twins.length) return twins.sort((a, b) => a.id - b.id)[nth] as PendingEvent;
  }
  let oldest: PendingEvent | null = null;
  each(world, wanted, (pending) => {
    if (oldest === null || pending.id < oldest.id) oldest = pending;
  });
  return oldest;
}

/** How many pending events are like this one but older. */
export function countOlderTwins(world: World, event: PendingEvent): number {
  const { actor, from, kind, payload } = event;
  // A timer has one pending event at most.
  if (payload === null && kind !== EventKind.disk && kind !== EventKind.invoke) return 0;
  let hash: number | null = null;
  let count = 0;
  world.schedule.each((other) => {
    if (other.kind !== kind || other.actor !== actor || other.from !== from) return;
    if (other.id >= event.id) return;
    if (payload !== null) {
      hash ??= contentHash(payload);
      if (other.payload === null || contentHash(other.payload) !== hash) return;
      if (eventStem(world, other) !== eventStem(world, event)) return;
    }
    count++;
  });
  return count;
}

function each(world: World, wanted: Wanted, visit: (event: PendingEvent) => void): void {
  const { stem, content, actor, from } = wanted;
  world.schedule.each((event) => {
    if (event.actor !== actor || event.from !== from || !mayHappen(world, event)) return;
    if (content !== null) {
      if (event.payload === null || contentHash(event.payload) >>> 0 !== content) return;
    }
    if (eventStem(world, event) === stem) visit(event);
  });
}
