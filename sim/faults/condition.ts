/** What a timeline waits for, asked of the nodes' observations after each event. */
import type { NodeRuntime, World } from '../engine/index.ts';
import type { Condition, NodeRef } from './fault.ts';
import { observe, resolveNodes } from './nodes.ts';

/** What is settled when the waiting begins. Never changed. */
export interface Wait {
  /** The highest epoch that had a leader then, or -1. */
  readonly epoch: number;
  /** Whom it is about; null: every node. */
  readonly among: readonly number[] | null;
}

/** Begins to wait: `among` is resolved now, and leaders of now are not new ones. */
export function awaitCondition(world: World, condition: Condition): Wait {
  let epoch = -1;
  for (let i = 0; i < world.nodes.length; i++) {
    const seen = observe(world, i);
    if (seen?.leads === true) epoch = Math.max(epoch, seen.epoch);
  }
  const among: readonly NodeRef[] | undefined = 'among' in condition ? condition.among : undefined;
  return { epoch, among: among === undefined ? null : resolveNodes(world, among) };
}

/**
 * Whether the condition holds. `actor` is the only one that changed since it was last asked, so
 * the others are not looked at again; -1: any may have changed.
 */
export function holds(world: World, condition: Condition, wait: Wait, actor: number): boolean {
  if (condition.type === 'event') return world.eventIndex >= condition.index;
  const { length } = world.nodes;
  if (actor >= length) return false;
  if (condition.type === 'converged') return isConverged(world, actor);
  if (actor >= 0) return isMet(world, condition, wait, actor);
  for (let node = 0; node < length; node++) if (isMet(world, condition, wait, node)) return true;
  return false;
}

function isMet(
  world: World,
  condition: Exclude<Condition, { type: 'event' | 'converged' }>,
  wait: Wait,
  node: number,
): boolean {
  if (wait.among !== null && !wait.among.includes(node)) return false;
  const seen = observe(world, node);
  if (seen === null) return false;
  switch (condition.type) {
    case 'leader-elected':
      return seen.leads && seen.epoch > wait.epoch;
    case 'decided':
      return seen.decided >= condition.position;
    case 'epoch':
      return seen.epoch >= condition.epoch;
  }
}

function isConverged(world: World, actor: number): boolean {
  if (actor >= 0 && undecided(world, actor) > 0) return false;
  let length = -1;
  for (let i = 0; i < world.nodes.length; i++) {
    if ((world.nodes[i] as NodeRuntime).status !== 'up') continue;
    const own = logLength(world, i);
    if (undecided(world, i) > 0 || (length >= 0 && own !== length)) return false;
    length = own;
  }
  return length >= 0;
}

/** A protocol without a log counts by what is decided. */
function logLength(world: World, node: number): number {
  const seen = observe(world, node);
  return seen?.log?.lastIndex ?? seen?.decided ?? 0;
}

function undecided(world: World, node: number): number {
  return logLength(world, node) - (observe(world, node)?.decided ?? 0);
}
