/**
 * Names of events. The identity says what an event is, independent of its neighbours:
 * `n2<-n1 AppendEntries#1a2b3c4d` (receiver, sender, type, hash of the content). The label is for
 * people: `n2<-n1 AppendEntries term=3 prev=4 +2`.
 */
import { EventKind, type Answer, type FaultAction, type PendingEvent } from './event.ts';
import { finish, hashPlain, hex32 } from './hash.ts';
import type { AnyMessage, AnyProtocol, Command, Request } from './protocol.ts';
import { mayHappen } from './choices.ts';
import type { World } from './world.ts';

/** Who it happens to and what it is, without the content: `n2<-n1 AppendEntries`, `n1 election`. */
export function eventStem(world: World, event: PendingEvent): string {
  const actor = actorName(world, event.actor);
  switch (event.kind) {
    case EventKind.message:
    case EventKind.request:
    case EventKind.response:
      return `${actor}<-${actorName(world, event.from)} ${contentType(event)}`;
    case EventKind.invoke:
      return `${actor} invoke`;
    case EventKind.disk:
      return `${actor} disk`;
    case EventKind.timer:
    case EventKind.clientTimer:
      return `${actor} ${event.name}${event.key === '' ? '' : `/${event.key}`}`;
    case EventKind.fault:
      return `fault ${contentType(event)}`;
  }
}

/** The identity: stem and content. Equal ones are told apart by their order only. */
export function eventIdentity(world: World, event: PendingEvent): string {
  const stem = eventStem(world, event);
  if (event.payload === null) return stem;
  return `${stem}#${hex32(contentHash(event.payload))}`;
}

/** The hash that an identity ends with, as a 32-bit integer. */
export function contentHash(content: object): number {
  return finish(hashPlain(0x5c415a, content));
}

/** The label: stem and a few words about the content. */
export function eventLabel(world: World, event: PendingEvent): string {
  const words = contentWords(world.protocol, event);
  return words === '' ? eventStem(world, event) : `${eventStem(world, event)} ${words}`;
}

/** A message's words as its protocol puts them, else its scalar fields. */
export function describeMessage(protocol: AnyProtocol, message: AnyMessage): string {
  return protocol.describe?.(message) ?? scalars(message);
}

/** `put key=x value=1` */
export function describeCommand(command: Command): string {
  const words = scalars(command);
  return words === '' ? command.type : `${command.type} ${words}`;
}

/**
 * The pending event that a name means: with a `#hash` the oldest with exactly this identity; with
 * words behind the stem the oldest whose label has all of them; else the oldest of that stem.
 */
export function findPending(world: World, name: string): PendingEvent | null {
  const [text, hash] = name.split('#') as [string, string | undefined];
  const words = text.trim().split(/\s+/);
  const stem = words.slice(0, 2).join(' ');
  const wanted = words.slice(2);
  let found: PendingEvent | null = null;
  world.schedule.each((event) => {
    if (found !== null && found.id < event.id) return;
    if (eventStem(world, event) !== stem) return;
    if (!mayHappen(world, event)) return;
    if (hash !== undefined && eventIdentity(world, event) !== `${stem}#${hash}`) return;
    if (wanted.length > 0) {
      const label = ` ${contentWords(world.protocol, event)} `;
      if (!wanted.every((word) => label.includes(` ${word} `))) return;
    }
    found = event;
  });
  return found;
}

export function actorName(world: World, actor: number): string {
  if (actor < 0) return 'script';
  return world.nodeIds[actor] ?? world.clients[actor - world.nodeIds.length]?.id ?? `a${actor}`;
}

function contentType(event: PendingEvent): string {
  const { payload } = event;
  switch (event.kind) {
    case EventKind.request:
      return (payload as Request).command.type;
    case EventKind.response: {
      const { response } = payload as Answer;
      return response.type === 'ok' ? 'ok' : response.code;
    }
    case EventKind.fault:
      return (payload as FaultAction).kind;
    default:
      return (payload as AnyMessage).type;
  }
}

function contentWords(protocol: AnyProtocol, event: PendingEvent): string {
  const { payload } = event;
  switch (event.kind) {
    case EventKind.message:
      return describeMessage(protocol, payload as AnyMessage);
    case EventKind.request: {
      const { sequence, command, attempt } = payload as Request;
      const retry = attempt > 1 ? ` attempt=${attempt}` : '';
      return `seq=${sequence} ${scalars(command)}${retry}`.trimEnd();
    }
    case EventKind.response: {
      const { sequence, response } = payload as Answer;
      const value = response.type === 'ok' ? response.value : response.hint;
      const shown = value === undefined || value === null ? '' : ` ${JSON.stringify(value)}`;
      return `seq=${sequence}${shown}`;
    }
    case EventKind.fault:
      return scalars(payload as FaultAction);
    default:
      return '';
  }
}

function scalars(value: object): string {
  const words: string[] = [];
  for (const [field, content] of Object.entries(value) as [string, unknown][]) {
    if (field === 'type' || field === 'kind' || content === undefined) continue;
    const shown = scalar(content);
    if (shown !== null) words.push(`${field}=${shown}`);
  }
  return words.join(' ');
}

/** A short value as text: scalars and lists; null for what would be long. */
function scalar(content: unknown): string | null {
  if (typeof content === 'string') return content;
  if (typeof content === 'object' && content !== null && !Array.isArray(content)) return null;
  return JSON.stringify(content).replaceAll('"', '');
}
