/** From an event to the handler that it is for; and what a handler threw, as a finding. */
import type { ClientActions } from './client-effects.ts';
import type { NodeActions } from './effects.ts';
import { EventKind, payloadType, type FaultAction, type PendingEvent } from './event.ts';
import type { Finding } from './monitor.ts';
import type { AnyMessage, NodeId, Request } from './protocol.ts';
import type { World } from './world.ts';

/** Calls the handler with the effects of its actor; it may throw. */
export function dispatch(
  world: World,
  event: PendingEvent,
  nodeActions: NodeActions,
  clientActions: ClientActions,
): void {
  const { actor, kind } = event;
  if (kind === EventKind.fault) {
    world.lastFaultAt = world.now;
    const done = world.config.performFault(world, event.payload as FaultAction);
    world.observer?.onFault?.(done);
    return;
  }
  if (actor >= world.nodes.length) {
    clientActions.deliver(event);
    return;
  }
  const node = world.own(actor);
  // What arrives at a node that is down is lost.
  if (node.status !== 'up' || node.state === null) return;
  node.hashes = null;
  const { protocol } = world;
  const actions = nodeActions.of(node);
  if (kind === EventKind.message) {
    const message = event.payload as AnyMessage;
    const handler = protocol.onMessage[message.type];
    if (handler === undefined) throw new Error(`no handler for ${message.type}`);
    handler(node.state, world.nodeIds[event.from] as NodeId, message, actions);
  } else if (kind === EventKind.timer) {
    protocol.onTimer[event.name]?.(node.state, actions, event.key);
  } else if (kind === EventKind.request) {
    protocol.onRequest(node.state, event.payload as Request, actions);
  } else {
    actions.synced();
  }
  actions.settle();
}

/** `n3 threw on AppendEntries: …`, for real processes crash as well. */
export function threwOn(world: World, event: PendingEvent, error: unknown): Finding {
  const what = event.name === '' ? payloadType(event.payload) : event.name;
  const who = event.actor < world.nodes.length ? world.nodeIds[event.actor] : 'a client';
  const text = error instanceof Error ? error.message : String(error);
  return { message: `${who} threw on ${what}: ${text}`, facts: [], witness: what };
}
