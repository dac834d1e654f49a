/** One event of a run that is being shrunk: its name taken apart, and how to find it elsewhere. */
import {
  contentHash,
  EventKind,
  eventIdentity,
  eventLabel,
  eventStem,
  findPending,
  mayHappen,
  nodeName,
  type AnyMessage,
  type FaultAction,
  type Payload,
  type PendingEvent,
  type World,
} from '../engine/index.ts';
import { countOlderTwins } from '../trace/find.ts';
import type { Step } from '../trace/index.ts';

/** Never changed: candidates share them. */
export interface Move {
  /** `n2<-n1 AppendEntries#1a2b3c4d` */
  readonly identity: string;
  /** `n2<-n1 AppendEntries term=3 prev=4 +2` */
  readonly label: string;
  readonly kind: EventKind;
  readonly actor: number;
  readonly from: number;
  /** The last word of the stem: the type of a message, the name of a timer. */
  readonly what: string;
  /** Null for an event without content, and for a fault that no timeline brings about. */
  readonly content: number | null;
  readonly payload: Payload;
  /** How many older pending events had the same identity: they differ only in when they are due. */
  readonly nth: number;
  /** How many younger pending events had the same kind, receiver, sender and type. */
  readonly younger: number;
  /** The message that a fault loses or repeats. */
  readonly target: Move | null;
  /** The epoch (term, view) of the node afterwards; -1 where there is none. */
  readonly epoch: number;
  /** `c1/4`: the operation of a client that it belongs to, or ''. */
  readonly operation: string;
  /** Of a fault: what exactly it did. */
  readonly done: FaultAction | null;
}

/** A pending event as a move, as it stands in this world before it happens. */
export function moveOf(world: World, event: PendingEvent): Move {
  const { kind, actor, from, payload } = event;
  return {
    identity: eventIdentity(world, event),
    label: eventLabel(world, event),
    kind,
    actor,
    from,
    what: whatOf(world, event),
    content: payload === null ? null : hashOf(payload),
    payload,
    nth: countOlderTwins(world, event),
    younger: countYounger(world, event),
    target: targetOf(world, event),
    epoch: -1,
    operation: '',
    done: null,
  };
}

/** The move as a step that `followSteps` understands. */
export function stepOfMove({ identity, kind, nth, payload }: Move): Step {
  return {
    identity,
    ...(nth === 0 ? {} : { nth }),
    ...(kind === EventKind.fault ? { fault: payload as FaultAction } : {}),
  };
}

/** Whether a move happens to a node, comes from it, or is a fault of nobody else. */
export function touches({ kind, actor, from, payload }: Move, node: number): boolean {
  if (kind !== EventKind.fault) return actor === node || from === node;
  const { nodes, node: single } = payload as FaultAction;
  const named: readonly unknown[] = Array.isArray(nodes) ? nodes : [single];
  return named.length === 1 && named[0] === nodeName(node);
}

/** Whether an event of this world is exactly the move, so that the move can stand for it. */
export function isExactly(world: World, event: PendingEvent, move: Move): boolean {
  const { payload } = event;
  if (payload === move.payload) return true;
  if (payload === null || move.content === null) return false;
  return hashOf(payload) === move.content && whatOf(world, event) === move.what;
}

/**
 * The pending event that a move means in this world, or null. First choice is exactly that
 * identity, second the same kind, receiver, sender and type at the same place in line, counted from
 * the youngest: what is older has often been waiting since long before, and stays behind however
 * much of the run is gone. Requests and answers at last may be of any type, for a client's draws
 * change when time does. A fault can always happen: if need be it is made.
 *
 * `byLabel`: before its place in line, the same label counts. So it is in another world, where the
 * line has other members (each message twice, or those that had been lost) but says the same;
 * within one world, after something is gone, the same words may well be another message.
 */
export function findMove(world: World, move: Move, byLabel = false): PendingEvent | null {
  if (move.kind === EventKind.fault) return findFault(world, move);
  const twins: PendingEvent[] = [];
  const others: PendingEvent[] = [];
  const replacements: PendingEvent[] = [];
  const { kind, actor, from, what, content } = move;
  world.schedule.each((event) => {
    if (event.actor !== actor || event.from !== from || event.kind !== kind) return;
    if (!mayHappen(world, event)) return;
    if (whatOf(world, event) !== what) {
      if (kind === EventKind.request || kind === EventKind.response) replacements.push(event);
    } else if (content === null || hashOf(event.payload as object) === content) {
      twins.push(event);
    } else others.push(event);
  });
  if (twins.length > 0) return at(twins, move.nth < twins.length ? move.nth : 0);
  if (others.length === 0) return at(replacements, 0);
  const labelled = byLabel ? others.filter((event) => eventLabel(world, event) === move.label) : [];
  if (labelled.length > 0) return at(labelled, 0);
  return at(others, Math.max(0, others.length - 1 - move.younger));
}

/** A timeline's own fault when it is due to come, else one made for the purpose. */
function findFault(world: World, { content, payload, target }: Move): PendingEvent | null {
  const own: PendingEvent[] = [];
  world.schedule.each((event) => {
    if (event.kind === EventKind.fault && hashOf(event.payload as object) === content) {
      own.push(event);
    }
  });
  if (own.length > 0) return at(own, 0);
  const action = payload as FaultAction;
  if (target === null) return world.scheduleFault(world.now, action);
  const message = findMove(world, target);
  if (message === null) return null;
  return world.scheduleFault(world.now, { ...action, message: eventIdentity(world, message) });
}

/** In the order of age, number `index`. */
function at(events: PendingEvent[], index: number): PendingEvent | null {
  return (events.length > 1 ? events.sort((a, b) => a.id - b.id) : events)[index] ?? null;
}

function targetOf(world: World, { kind, payload }: PendingEvent): Move | null {
  if (kind !== EventKind.fault) return null;
  const { message } = payload as FaultAction;
  if (typeof message !== 'string') return null;
  const found = findPending(world, message) ?? findPending(world, message.replace(/#.*$/, ''));
  return found === null ? null : moveOf(world, found);
}

function countYounger(world: World, event: PendingEvent): number {
  const { actor, from, kind, id, payload } = event;
  if (payload === null || kind === EventKind.fault) return 0;
  const what = whatOf(world, event);
  let count = 0;
  world.schedule.each((other) => {
    if (other.actor !== actor || other.from !== from || other.kind !== kind) return;
    if (other.id > id && whatOf(world, other) === what) count++;
  });
  return count;
}

/** Messages are immutable and forks share them: each is hashed once. */
const hashes = new WeakMap<object, number>();

function hashOf(payload: object): number {
  let hash = hashes.get(payload);
  if (hash === undefined) {
    hash = contentHash(payload);
    hashes.set(payload, hash);
  }
  return hash;
}

function whatOf(world: World, event: PendingEvent): string {
  const { kind, payload, name, key } = event;
  if (kind === EventKind.message) return (payload as AnyMessage).type;
  if (kind === EventKind.timer || kind === EventKind.clientTimer) {
    return key === '' ? name : `${name}/${key}`;
  }
  const stem = eventStem(world, event);
  return stem.slice(stem.indexOf(' ') + 1);
}
