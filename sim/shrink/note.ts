/** Performs a move of the accepted run and notes what the passes want to know of it. */
import { assert, EventKind, type Answer, type FaultAction } from '../engine/index.ts';
import type { PendingEvent, Request, World } from '../engine/index.ts';
import { findMove, moveOf, type Move } from './move.ts';

/** The move with its epoch and operation, and a fault with what exactly it did. */
export function performNoted(world: World, move: Move): Move {
  const event = findMove(world, move);
  assert(event !== null, 'a run that was performed can be performed again');
  const operation = operationOf(world, event);
  let done: FaultAction | null = null;
  world.observer = {
    afterEvent() {},
    onFault(action) {
      done = action;
    },
  };
  const noted = { ...moveOf(world, event), operation };
  world.perform(event);
  world.observer = null;
  return { ...noted, epoch: epochOf(world, event.actor), done };
}

function epochOf(world: World, actor: number): number {
  const state = world.nodes[actor]?.state ?? null;
  return state === null ? -1 : world.protocol.observe(state).epoch;
}

/** `c1/4`: what a client asked, was answered, or waited for. */
function operationOf(world: World, event: PendingEvent): string {
  const { kind, payload, actor } = event;
  const client = world.clients[actor - world.nodes.length];
  switch (kind) {
    case EventKind.invoke:
      return client === undefined ? '' : `${client.id}/${client.sequence + 1}`;
    case EventKind.clientTimer:
      return client === undefined ? '' : `${client.id}/${client.sequence}`;
    case EventKind.request: {
      const request = payload as Request;
      return `${request.client}/${request.sequence}`;
    }
    case EventKind.response:
      return client === undefined ? '' : `${client.id}/${(payload as Answer).sequence}`;
    default:
      return '';
  }
}
