/** Who can decide by itself: enough of the voters of every group that some node knows of. */
import type { World } from '../engine/index.ts';
import { observe } from './nodes.ts';

interface Electorate {
  /** Indices of nodes. */
  readonly voters: readonly number[];
  readonly quorum: number;
}

/**
 * Whether a set of nodes, by index, has a quorum of each group of voters of every configuration
 * that some node has, for it is not told here which of them counts. Where a protocol speaks of no
 * groups all nodes are one; where it speaks of no quorum a majority is.
 */
export function decidersOf(world: World): (nodes: readonly number[]) => boolean {
  const electorates = electoratesOf(world);
  return (nodes) =>
    electorates.every(({ voters, quorum }) => {
      const inside = voters.filter((index) => nodes.includes(index));
      return inside.length >= quorum;
    });
}

function electoratesOf(world: World): readonly Electorate[] {
  const found = new Map<readonly string[], number>();
  for (const { index } of world.nodes) {
    const seen = observe(world, index);
    if (seen === null) continue;
    for (const group of seen.electorates ?? [world.nodeIds]) {
      const quorum = seen.quorum ?? majorityOf(group.length);
      found.set(group, Math.max(quorum, found.get(group) ?? 0));
    }
  }
  if (found.size === 0) found.set(world.nodeIds, majorityOf(world.nodeIds.length));
  return [...found].map(([group, quorum]) => {
    return { voters: group.map((id) => world.nodeIds.indexOf(id)), quorum };
  });
}

function majorityOf(count: number): number {
  return Math.floor(count / 2) + 1;
}
