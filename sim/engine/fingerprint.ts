/**
 * A canonical 64-bit hash of a world: nodes, disks, clients, what is on its way, rules, monitors.
 * Messages count as a multiset, so the order in which they were sent does not matter.
 */
import { EventKind, type PendingEvent } from './event.ts';
import { finish, hashPlain, hex32, mix, mixNumber, mixString } from './hash.ts';
import type { ClientRuntime, NodeRuntime, Timers } from './node.ts';
import { isTimer } from './schedule.ts';
import type { World } from './world.ts';

const SEEDS = [0x9747b28c, 0x1b56c4e9] as const;

/** Two 32-bit lanes. Times count, relative to now, in timed order only. */
export function fingerprint(world: World): readonly [number, number] {
  return [lane(world, 0), lane(world, 1)];
}

/** The fingerprint as 16 hexadecimal digits. */
export function fingerprintText(world: World): string {
  const [high, low] = fingerprint(world);
  return hex32(high) + hex32(low);
}

function lane(world: World, which: 0 | 1): number {
  const seed = SEEDS[which];
  const timed = world.draws.strategy.order === 'timed';
  let h: number = seed;
  for (const node of world.nodes) {
    h = mix(h, stateHash(node, which));
    h = mix(h, node.status === 'up' ? 1 : node.status === 'down' ? 2 : 3);
    h = hashPlain(h, node.disk.durable, which);
    h = mix(h, node.disk.syncing);
    for (const { fields, outbox } of node.disk.writes) {
      h = hashPlain(mix(h, 4), fields, which);
      for (const { kind, to, payload } of outbox ?? [])
        h = hashPlain(mix(mix(h, kind), to), payload, which);
    }
    h = hashPlain(h, node.disk.believed, which);
    h = hashPlain(h, node.disk.faults);
    for (const offset of node.clock.hashable(world.now)) h = mixNumber(h, offset);
    h = mixTimers(h, node.timers, timed ? world.now : null);
    if (node.twin !== null) h = hashPlain(mix(h, 5), node.twin.state, which);
  }
  for (const client of world.clients) h = mixClient(h, client, which, timed ? world.now : null);
  h = mix(h, world.clientsConfig?.workload.hash?.(which) ?? 0);
  h = mix(h, world.clientsConfig?.history?.hash?.(which) ?? 0);
  let messages = 0;
  world.schedule.each((event) => {
    if (!isTimer(event)) messages = (messages + hashEvent(event, seed, which, timed, world)) | 0;
  });
  h = mix(h, messages);
  h = world.network.hash(h, timed ? world.now : 0);
  h = mix(h, world.director?.hash() ?? 0);
  if (world.adversary !== null) h = mix(h, world.adversary.hash());
  for (const { monitor } of world.watchers) h = mix(h, monitor.hash?.() ?? 0);
  return finish(h);
}

/** Cached per node until a handler runs there. */
function stateHash(node: NodeRuntime, which: 0 | 1): number {
  node.hashes ??= [hashPlain(SEEDS[0], node.state, 0), hashPlain(SEEDS[1], node.state, 1)];
  return node.hashes[which];
}

function mixTimers(hash: number, timers: Timers, now: number | null): number {
  let sum = 0;
  for (const [name, timer] of timers) {
    if (!timer.armed) continue;
    const h = mixString(1, name);
    sum = (sum + finish(now === null ? h : mixNumber(h, timer.deadline - now))) | 0;
  }
  return mix(hash, sum);
}

function mixClient(hash: number, client: ClientRuntime, which: 0 | 1, now: number | null): number {
  const h = hashPlain(mix(hash, client.sequence), client.state, which);
  return mixTimers(hashPlain(h, client.open, which), client.timers, now);
}

function hashEvent(
  event: PendingEvent,
  seed: number,
  which: 0 | 1,
  timed: boolean,
  world: World,
): number {
  let h = mix(mix(mix(seed, event.kind), event.actor), event.from);
  // A fault of the timeline happens at its time in either order.
  if (timed || event.kind === EventKind.fault) h = mixNumber(h, event.at - world.now);
  return finish(hashPlain(h, event.payload, which));
}
