/** What can happen next: one immutable record per pending event, shared by forked worlds. */
import type { AnyMessage, Command, NodeId, Plain, Request, Response } from './protocol.ts';

/** The kinds of events. Small integers, because the event loop switches on them. */
export const EventKind = {
  /** A message between nodes arrives. */
  message: 0,
  /** A client's request arrives at a node. */
  request: 1,
  /** A node's answer arrives at a client. */
  response: 2,
  /** A client begins its next operation. */
  invoke: 3,
  /** A timer of a client fires. */
  clientTimer: 4,
  /** A disk write of a node completes. */
  disk: 5,
  /** A timer of a node fires. */
  timer: 6,
  /** A fault begins or ends. */
  fault: 7,
} as const;
export type EventKind = (typeof EventKind)[keyof typeof EventKind];

export const kindNames: readonly string[] = [
  'message',
  'request',
  'response',
  'invoke',
  'client-timer',
  'disk',
  'timer',
  'fault',
];

/** A fault as data: `kind` names the code that performs it, the rest are its parameters. */
export interface FaultAction {
  readonly kind: string;
  readonly [parameter: string]: Plain | undefined;
}

/** What travels or happens, depending on the kind; null for kinds without content. */
export type Payload = AnyMessage | Request | Answer | FaultAction | Command | null;

/** A response on its way to a client. */
export interface Answer {
  readonly sequence: number;
  readonly response: Response;
}

export interface PendingEvent {
  readonly kind: EventKind;
  /** When it is due, in microseconds of virtual time; it may be performed later, never earlier. */
  readonly at: number;
  /** The actor it happens to: a node's index, or nodeCount + client's index, or -1 (the world). */
  readonly actor: number;
  /** The actor that sent it, or -1. */
  readonly from: number;
  readonly payload: Payload;
  /** The timer's name, or ''. */
  readonly name: string;
  /** The timer's key, or ''. */
  readonly key: string;
  /** The index of the event that made it, or -1. */
  readonly cause: number;
  /** Grows with creation: breaks ties and orders "the oldest of the same kind". */
  readonly id: number;
  /** Where the world keeps it. */
  readonly slot: number;
}

/** An event that has happened, as observers and traces see it. */
export interface EventRecord {
  readonly index: number;
  /** Microseconds. */
  readonly at: number;
  readonly event: PendingEvent;
}

/** A node's index from its place in a cluster: n1 has index 0. */
export function nodeName(index: number): NodeId {
  return `n${index + 1}`;
}

export function clientName(index: number): string {
  return `c${index + 1}`;
}

/** A word for what an event carries, for messages to people. */
export function payloadType(payload: Payload): string {
  if (payload === null) return 'an event';
  if ('type' in payload && typeof payload.type === 'string') return payload.type;
  return 'command' in payload ? 'a request' : 'an event';
}
