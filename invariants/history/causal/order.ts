/** Causal order by vector clocks, and the last writers it puts before a read. */
import { at, item } from '../arrays.ts';
import { type Graph, topologicalOrder } from '../cycle.ts';
import { type Node, initialSource } from '../dependencies.ts';

/** Who wrote what, per key and session, in session order. */
export type Writers = ReadonlyMap<string, ReadonlyMap<number, readonly number[]>>;

/** Session order and reads-from as edges between nodes. */
export function causalGraph(nodes: readonly Node[]): number[][] {
  const graph: number[][] = nodes.map(() => []);
  for (const [node, { before, reads }] of nodes.entries()) {
    if (before >= 0) graph[before]?.push(node);
    for (const { from } of reads) if (from !== initialSource) graph[from]?.push(node);
  }
  return graph;
}

/** By node and session: how many of the session's nodes are in the node's past, itself included. */
export class Clocks {
  private readonly nodes: readonly Node[];
  private readonly width: number;
  private readonly clock: Int32Array;

  constructor(nodes: readonly Node[], width: number) {
    this.nodes = nodes;
    this.width = width;
    this.clock = new Int32Array(nodes.length * width);
  }

  /** Fills the clocks from an acyclic graph; false when it has a cycle. O(edges · sessions). */
  fill(graph: Graph): boolean {
    const order = topologicalOrder(graph);
    if (order === null) return false;
    const { clock, width, nodes } = this;
    for (const node of order) {
      const { session, sequence } = item(nodes, node);
      const own = node * width + session;
      if (at(clock, own) <= sequence) clock[own] = sequence + 1;
      for (const to of item(graph, node)) {
        for (let i = 0; i < width; i += 1) {
          const seen = at(clock, node * width + i);
          if (seen > at(clock, to * width + i)) clock[to * width + i] = seen;
        }
      }
    }
    return true;
  }

  /** Whether `a` is in the past of `b`, and not `b` itself. */
  precedes(a: number, b: number): boolean {
    const { session, sequence } = item(this.nodes, a);
    return a !== b && at(this.clock, b * this.width + session) > sequence;
  }

  /** The last of a session's writers that is in the past of `node`, or -1. */
  lastBefore(list: readonly number[], session: number, node: number): number {
    const bound = at(this.clock, node * this.width + session);
    let low = 0;
    let high = list.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (item(this.nodes, item(list, middle)).sequence < bound) low = middle + 1;
      else high = middle;
    }
    const last = list[low - 1] ?? -1;
    return last === node ? (list[low - 2] ?? -1) : last;
  }
}

/** The writers of every key, by session. */
export function writersOf(nodes: readonly Node[]): Writers {
  const writers = new Map<string, Map<number, number[]>>();
  for (const [node, { session, writes }] of nodes.entries()) {
    for (const key of writes) {
      const sessions = writers.get(key) ?? new Map<number, number[]>();
      writers.set(key, sessions);
      const list = sessions.get(session);
      if (list === undefined) sessions.set(session, [node]);
      else list.push(node);
    }
  }
  return writers;
}
