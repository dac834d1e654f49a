/** Births and deaths: start, crash, restart, wipe, pause, resume. Faults call these. */
import { assert } from './assert.ts';
import { clone } from './clone.ts';
import type { ClientActions } from './client-effects.ts';
import type { NodeActions } from './effects.ts';
import { clientName, EventKind, type PendingEvent } from './event.ts';
import { ClientRuntime } from './node.ts';
import type { World } from './world.ts';

/** Starts a node that is down, from what its disk holds. */
export function startNode(world: World, index: number, actions: NodeActions): void {
  const node = world.own(index);
  assert(node.status === 'down', 'only a node that is down can start');
  if (node.incarnation < 0) {
    node.disk.durable = world.config.initialDurable?.[index] ?? null;
  }
  node.status = 'up';
  node.incarnation++;
  node.hashes = null;
  actions.of(node);
  node.state = world.protocol.start(clone(node.disk.durable), world.options, actions);
  actions.settle();
}

export function startClients(world: World, actions: ClientActions): void {
  const config = world.clientsConfig;
  if (config === null) return;
  for (let i = 0; i < config.count; i++) {
    const client = new ClientRuntime(clientName(i), i, world.token);
    world.clients.push(client);
    actions.of(client);
    client.state = config.protocol.start(config.options, actions);
    actions.planNext(config.workload.pauseUs(i, 0, actions.choose, world.now));
  }
}

/** The node stops at once: volatile state, timers and unsynced writes are gone. */
export function crash(world: World, index: number): boolean {
  const node = world.own(index);
  if (node.status === 'down') return false;
  resume(world, index);
  node.status = 'down';
  node.state = null;
  node.hashes = null;
  const stream = world.draws.streams.actor(index);
  node.disk.crash((bound) => world.draws.draw(stream, world.now, bound));
  world.schedule.disarm(node.timers);
  const syncs: PendingEvent[] = [];
  world.schedule.each((event) => {
    if (event.kind === EventKind.disk && event.actor === index) syncs.push(event);
  });
  for (const event of syncs) world.schedule.remove(event);
  return true;
}

/** The node stops handling events; they wait for it. Its timers go on counting. */
export function pause(world: World, index: number): boolean {
  const node = world.own(index);
  if (node.status !== 'up') return false;
  node.status = 'paused';
  return true;
}

/** What came due during the pause happens now, in the order in which it came due. */
export function resume(world: World, index: number): boolean {
  const node = world.own(index);
  if (node.status !== 'paused') return false;
  node.status = 'up';
  for (const slot of node.held) world.schedule.putBack(slot);
  node.held = [];
  return true;
}
