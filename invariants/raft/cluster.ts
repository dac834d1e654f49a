/** What the Raft monitors ask of a world: a server's state, and how far back anyone may look. */
import type { NodeId } from '../../sim/engine/protocol.ts';
import type { NodeView, WorldView } from '../../sim/engine/view.ts';
import type { Entry } from '../../protocols/raft/messages.ts';
import type { RaftState } from '../../protocols/raft/state.ts';
import { plainKey } from '../history/plain-key.ts';

/** No term and no incarnation: what monitors note for a server that they have not seen yet. */
export const NONE = -1;

/**
 * How many positions below the highest compacted one are remembered for servers that lag behind. It
 * bounds the memory of a run in which a server is cut off for good.
 */
const REMEMBERED = 8192;

/** A server's state; null while it is down. */
export function raftState(world: WorldView, node: number): RaftState | null {
  return (world.nodes[node] as NodeView).state as RaftState | null;
}

/** Which of its lives a server is in. */
export function incarnationOf(world: WorldView, node: number): number {
  return (world.nodes[node] as NodeView).incarnation;
}

export function nameOf(world: WorldView, node: number): NodeId {
  return world.nodeIds[node] as NodeId;
}

/** The term that a server leads; NONE if it does not lead. */
export function ledTerm(state: RaftState | null): number {
  return state !== null && state.role === 'leader' ? state.currentTerm : NONE;
}

/** One note per server. */
export function perNode<T>(world: WorldView, value: T): T[] {
  return world.nodes.map(() => value);
}

/** No log that is left has anything to compare at or below this position. */
export function lowestBase(world: WorldView): number {
  let lowest = Infinity;
  let highest = 0;
  for (const { state } of world.nodes) {
    if (state === null) continue;
    const { baseIndex } = (state as RaftState).log;
    lowest = Math.min(lowest, baseIndex);
    highest = Math.max(highest, baseIndex);
  }
  return Math.min(highest, Math.max(lowest, highest - REMEMBERED));
}

/** Nobody can act in a term below this one any more: it is behind every server, down or up. */
export function lowestTerm(world: WorldView): number {
  let lowest = Infinity;
  for (const { state, durable } of world.nodes) {
    const { currentTerm } = (state ?? durable ?? { currentTerm: 0 }) as { currentTerm: number };
    lowest = Math.min(lowest, currentTerm);
  }
  return lowest;
}

/** Entries travel by reference, so the slow comparison is for initial logs and for errors. */
export function isSameEntry(a: Entry | undefined, b: Entry | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && plainKey(a) === plainKey(b));
}

/** `term 2, put key=x value=1`. */
export function describeEntry({ term, request }: Entry): string {
  if (request === null) return `term ${term}, no-op`;
  const { type, ...fields } = request.command;
  const words = Object.keys(fields).map((field) => ` ${field}=${JSON.stringify(fields[field])}`);
  return `term ${term}, ${type}${words.join('')} of ${request.client}`;
}
