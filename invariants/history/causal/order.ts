/** Causal order by vector clocks, and the last writers it puts before a read. */
import { at, firstAbove, item } from '../arrays.ts';
import { type Graph, topologicalOrder } from '../cycle.ts';
import { type Node, initialSource } from '../dependencies.ts';

/** The writers of one key in one session, in its order: nodes, and their places in the session. */
export interface SessionWriters {
  readonly session: number;
  readonly nodes: Int32Array;
  readonly sequences: Int32Array;
}

/** By key: one entry for each session that wrote it. */
export type Writers = ReadonlyMap<string, readonly SessionWriters[]>;

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
  private readonly width: number;
  private readonly clock: Int32Array;
  private readonly sessions: Int32Array;
  private readonly sequences: Int32Array;

  constructor(nodes: readonly Node[], width: number) {
    this.width = width;
    this.sessions = Int32Array.from(nodes, ({ session }) => session);
    this.sequences = Int32Array.from(nodes, ({ sequence }) => sequence);
    this.clock = new Int32Array(nodes.length * width);
  }

  /** Fills the clocks from an acyclic graph; false when it has a cycle. O(edges · sessions). */
  fill(graph: Graph): boolean {
    const order = topologicalOrder(graph);
    if (order === null) return false;
    const { clock, width } = this;
    for (const node of order) {
      const own = node * width + at(this.sessions, node);
      const sequence = at(this.sequences, node);
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
    const seen = at(this.clock, b * this.width + at(this.sessions, a));
    return a !== b && seen > at(this.sequences, a);
  }

  /** The last of a session's writers that is in the past of `node`, or -1. */
  lastBefore({ session, nodes, sequences }: SessionWriters, node: number): number {
    const bound = at(this.clock, node * this.width + session);
    const seen = firstAbove(sequences, bound - 1);
    if (seen === 0) return -1;
    const last = at(nodes, seen - 1);
    if (last !== node) return last;
    return seen > 1 ? at(nodes, seen - 2) : -1;
  }
}

/** The writers of every key, by session. */
export function writersOf(nodes: readonly Node[]): Writers {
  const byKey = new Map<string, Map<number, number[]>>();
  for (const [node, { session, writes }] of nodes.entries()) {
    for (const key of writes) {
      const sessions = byKey.get(key) ?? new Map<number, number[]>();
      byKey.set(key, sessions);
      const list = sessions.get(session);
      if (list === undefined) sessions.set(session, [node]);
      else list.push(node);
    }
  }
  const writers = new Map<string, SessionWriters[]>();
  for (const [key, sessions] of byKey) {
    const lists = [...sessions].map(([session, list]) => ({
      session,
      nodes: Int32Array.from(list),
      sequences: Int32Array.from(list, (node) => item(nodes, node).sequence),
    }));
    writers.set(key, lists);
  }
  return writers;
}
