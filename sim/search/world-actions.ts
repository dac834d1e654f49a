/** The actions of a world model: integers for speed, the lines of a script for people. */
import { hex32 } from '../engine/hash.ts';
import { contentHash, describeCommand, eventLabel, eventStem } from '../engine/names.ts';
import type { PendingEvent } from '../engine/event.ts';
import type { Command } from '../engine/protocol.ts';
import type { World } from '../engine/world.ts';
import type { MessagePart } from './world-parts.ts';

/** An action is operand * 8 + kind. */
export const ActionKind = {
  /** A message arrives; the operand is its part. */
  deliver: 0,
  /** A timer fires; the operand is its number. */
  fire: 1,
  /** A disk sync completes at the node. */
  sync: 2,
  /** The next request comes to the node; the operand is request * 8 + node. */
  request: 3,
  crash: 4,
  restart: 5,
  /** A message arrives, and a copy of it stays on its way. */
  repeat: 6,
} as const;

export type ActionKind = (typeof ActionKind)[keyof typeof ActionKind];

export function encode(kind: ActionKind, operand: number): number {
  return operand * 8 + kind;
}

export function kindOf(action: number): ActionKind {
  return (action & 7) as ActionKind;
}

export function operandOf(action: number): number {
  return action >>> 3;
}

/**
 * `n2<-n1 AppendEntries term=1 …`: a name by which `findPending` finds this message and no other.
 * `others`: what else is on its way. Messages with the same label are told apart by their content.
 */
export function nameOf(world: World, message: MessagePart, others: readonly MessagePart[]): string {
  const event = eventOf(message);
  const label = eventLabel(world, event);
  const isAlone = others.every(
    (other) => other.id === message.id || eventLabel(world, eventOf(other)) !== label,
  );
  if (isAlone || message.payload === null) return label;
  return `${eventStem(world, event)}#${hex32(contentHash(message.payload))}`;
}

/** `request n1 put key=x value=1` */
export function requestStep(node: string, command: Command): string {
  return `request ${node} ${describeCommand(command)}`;
}

/** The message as the engine's naming wants it. */
export function eventOf({ kind, to, from, payload }: MessagePart): PendingEvent {
  const nowhere = { at: 0, name: '', key: '', cause: -1, id: 0, slot: 0 };
  return { kind, actor: to, from, payload, ...nowhere };
}
