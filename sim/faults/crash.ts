/** Crash, restart, wipe, pause, resume. */
import { crash, pause, resume } from '../engine/index.ts';
import type { NodeRuntime, World } from '../engine/index.ts';
import type { NodeFault } from './fault.ts';
import { namesOf, resolveNodes } from './nodes.ts';
import type { Performed } from './performed.ts';

type Kind<K extends NodeFault['kind']> = Extract<NodeFault, { kind: K }>;

const isUp = (node: NodeRuntime) => node.status === 'up';
const isDown = (node: NodeRuntime) => node.status === 'down';
const isPaused = (node: NodeRuntime) => node.status === 'paused';
const isRunning = (node: NodeRuntime) => node.status !== 'down';

export function performCrash(world: World, fault: Kind<'crash'>): Performed {
  const { limit } = fault;
  const nodes = spare(world, resolveNodes(world, fault.nodes, isRunning), limit);
  for (const node of nodes) crash(world, node);
  return stopped(world, fault, nodes, 'restart');
}

export function performRestart(world: World, fault: Kind<'restart'>): Performed {
  const nodes = resolveNodes(world, fault.nodes, isDown);
  for (const node of nodes) world.start(node);
  return { done: { ...fault, nodes: namesOf(world, nodes) }, undo: null };
}

/** A node that is down already loses its disk all the same. */
export function performWipe(world: World, fault: Kind<'wipe'>): Performed {
  const { limit } = fault;
  const nodes = spare(world, resolveNodes(world, fault.nodes), limit);
  for (const node of nodes) {
    crash(world, node);
    world.own(node).disk.wipe();
  }
  return stopped(world, fault, nodes, 'restart');
}

export function performPause(world: World, fault: Kind<'pause'>): Performed {
  const { limit } = fault;
  const nodes = spare(world, resolveNodes(world, fault.nodes, isUp), limit);
  for (const node of nodes) pause(world, node);
  return stopped(world, fault, nodes, 'resume');
}

export function performResume(world: World, fault: Kind<'resume'>): Performed {
  const nodes = resolveNodes(world, fault.nodes, isPaused);
  for (const node of nodes) resume(world, node);
  return { done: { ...fault, nodes: namesOf(world, nodes) }, undo: null };
}

/** Everybody runs again; returns the names of those that did not. */
export function reviveNodes(world: World): string[] {
  const nodes = world.nodes.filter((node) => !isUp(node)).map(({ index }) => index);
  for (const node of nodes) {
    if (!resume(world, node)) world.start(node);
  }
  return namesOf(world, nodes);
}

/** Of `nodes`, as many as may stop when at most `limit` are to be stopped in all. */
export function spare(world: World, nodes: readonly number[], limit = Infinity): readonly number[] {
  let stoppedAlready = world.nodes.filter((node) => !isUp(node)).length;
  return nodes.filter((index) => {
    if (!isUp(world.nodes[index] as NodeRuntime)) return true;
    if (stoppedAlready >= limit) return false;
    stoppedAlready++;
    return true;
  });
}

function stopped(
  world: World,
  fault: NodeFault,
  actors: readonly number[],
  by: 'restart' | 'resume',
): Performed {
  const nodes = namesOf(world, actors);
  return { done: { ...fault, nodes }, undo: nodes.length === 0 ? null : { kind: by, nodes } };
}
