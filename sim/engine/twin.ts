/**
 * Two instances of one node: the same code and the same identity, states that drift apart. They
 * take turns, and what arrives reaches the one whose turn it is. Bano et al., "Twins" (OPODIS
 * 2021): a node that equivocates or forgets is two correct ones that know nothing of each other.
 */
import { clone } from './clone.ts';
import type { Disk } from './disk.ts';
import { EventKind } from './event.ts';
import type { Timers } from './node.ts';
import type { World } from './world.ts';

/** The instance that rests. */
export interface Twin {
  readonly state: object | null;
  readonly disk: Disk;
  readonly timers: readonly RestingTimer[];
}

interface RestingTimer {
  readonly name: string;
  readonly key: string;
  readonly deadline: number;
}

/**
 * The other instance takes over; the first time it is a copy of the one that was there. Its timers
 * have gone on counting: those that are overdue fire at once. False when the node is not up, or in
 * the middle of a write.
 */
export function switchTwin(world: World, index: number): boolean {
  const node = world.own(index);
  if (node.status !== 'up' || node.disk.writes.length > 0) return false;
  const resting: Twin = { state: node.state, disk: node.disk, timers: armed(node.timers) };
  const { state, disk, timers } = node.twin ?? forkTwin(resting);
  world.schedule.disarm(node.timers);
  node.state = state;
  node.disk = disk;
  node.twin = resting;
  node.hashes = null;
  for (const { name, key, deadline } of timers) {
    const at = Math.max(world.now, deadline);
    world.schedule.arm(EventKind.timer, node.timers, index, name, key, at, world.eventIndex);
  }
  return true;
}

export function forkTwin({ state, disk, timers }: Twin): Twin {
  return { state: clone(state), disk: disk.fork(), timers };
}

function armed(timers: Timers): RestingTimer[] {
  return [...timers.values()]
    .filter((timer) => timer.armed)
    .map(({ name, key, deadline }) => ({ name, key, deadline }));
}
