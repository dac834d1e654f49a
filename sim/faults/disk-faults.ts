/** Disks that lie, tear, forget, rot, slow down or fill up. */
import { crash } from '../engine/index.ts';
import { startSync } from '../engine/effects.ts';
import type { World } from '../engine/index.ts';
import { spare } from './crash.ts';
import type { DiskFault } from './fault.ts';
import { drawFault, namesOf, resolveNodes } from './nodes.ts';
import type { Performed } from './performed.ts';

export function performDisk(world: World, fault: DiskFault): Performed {
  const { problem } = fault;
  if (problem === 'lose-unsynced') {
    const actors = resolveNodes(world, fault.nodes, ({ status }) => status !== 'down');
    const lost = spare(world, actors, fault.limit);
    for (const node of lost) crash(world, node);
    const nodes = namesOf(world, lost);
    return {
      done: { ...fault, nodes },
      undo: nodes.length === 0 ? null : { kind: 'restart', nodes },
    };
  }
  const actors = resolveNodes(world, fault.nodes);
  for (const node of actors) begin(world, node, problem, fault.byUs ?? 0);
  const done = { ...fault, nodes: namesOf(world, actors) };
  return { done, undo: actors.length === 0 ? null : { kind: 'end', what: 'disk', fault: done } };
}

/** Ends one problem of some disks; null: every problem of every disk. Returns whose ended. */
export function endDiskProblems(world: World, only: DiskFault | null = null): string[] {
  const actors =
    only === null ? world.nodes.map(({ index }) => index) : resolveNodes(world, only.nodes);
  return namesOf(
    world,
    actors.filter((node) => end(world, node, only?.problem ?? null)),
  );
}

function begin(
  world: World,
  index: number,
  problem: Exclude<DiskFault['problem'], 'lose-unsynced'>,
  byUs: number,
): void {
  const { disk, status } = world.own(index);
  switch (problem) {
    case 'lying-fsync':
      disk.faults.lyingFsync = true;
      break;
    case 'torn-write':
      disk.faults.tornWrite = true;
      break;
    case 'corrupt-entry':
      // A running node's next write would cover the damage up: it shows when the disk is read.
      if (status === 'down') disk.damage((bound) => drawFault(world, bound));
      else disk.faults.corruptEntry = true;
      break;
    case 'slow':
      disk.faults.slowUs = byUs;
      break;
    case 'full':
      disk.faults.full = true;
      break;
  }
}

/** Returns whether there was something to end. */
function end(world: World, index: number, problem: DiskFault['problem'] | null): boolean {
  const node = world.own(index);
  const { faults } = node.disk;
  const wanted = (one: DiskFault['problem'], isThere: boolean) =>
    isThere && (problem === null || problem === one);
  let ended = false;
  if (wanted('lying-fsync', faults.lyingFsync)) {
    faults.lyingFsync = false;
    node.disk.flush();
    ended = true;
  }
  if (wanted('torn-write', faults.tornWrite)) {
    faults.tornWrite = false;
    ended = true;
  }
  if (wanted('corrupt-entry', faults.corruptEntry)) {
    faults.corruptEntry = false;
    ended = true;
  }
  if (wanted('slow', faults.slowUs > 0)) {
    faults.slowUs = 0;
    ended = true;
  }
  if (wanted('full', faults.full)) {
    faults.full = false;
    startSync(world, node);
    ended = true;
  }
  return ended;
}
