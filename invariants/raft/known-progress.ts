/** What was last seen of a leader's progress table, server by server. */
import type { WorldView } from '../../sim/engine/view.ts';
import { NONE, perNode } from './cluster.ts';

/**
 * How many servers of the table are looked at after each event of the leader: all of them in a
 * cluster of usual size, else so many in turn.
 */
const AT_ONCE = 16;

/** NONE for a server that the table does not have. */
export interface Known {
  readonly matches: number[];
  readonly nexts: number[];
  /** After which event the matchIndex was set. */
  readonly since: number[];
}

export function nothingKnown(world: WorldView): Known {
  return {
    matches: perNode(world, NONE),
    nexts: perNode(world, NONE),
    since: perNode(world, NONE),
  };
}

export function forkKnown({ matches, nexts, since }: Known): Known {
  return { matches: matches.slice(), nexts: nexts.slice(), since: since.slice() };
}

/** The first server to look at after this event. */
export function firstInTurn({ nodeIds, eventIndex }: WorldView): number {
  if (nodeIds.length <= AT_ONCE) return 0;
  return (Math.max(0, eventIndex) % Math.ceil(nodeIds.length / AT_ONCE)) * AT_ONCE;
}

/** The server behind the last one to look at. */
export function lastInTurn(world: WorldView): number {
  return Math.min(world.nodeIds.length, firstInTurn(world) + AT_ONCE);
}
