/** The bad patterns of causal consistency (Bouajjani, Enea, Guerraoui, Hamza, POPL 2017). */
import { item } from '../arrays.ts';
import { someCycle } from '../cycle.ts';
import { type Node, initialSource } from '../dependencies.ts';
import { Clocks, causalGraph, writersOf } from './order.ts';

/** Causal consistency, causal memory, causal convergence. */
export type CausalLevel = 'CC' | 'CM' | 'CCv';

export interface Pattern {
  readonly name: string;
  /** Nodes in conflict. */
  readonly nodes: readonly number[];
}

/**
 * The first bad pattern of the level, or null. CC and CCv: O(n k) for n operations of k sessions,
 * as in AWDIT (PLDI 2025): of each session only its last writer in the causal past counts. CM: the
 * same times k for each round of its fixed point.
 */
export function findPattern(
  nodes: readonly Node[],
  sessionCount: number,
  level: CausalLevel,
): Pattern | null {
  const graph = causalGraph(nodes);
  const clocks = new Clocks(nodes, sessionCount);
  if (!clocks.fill(graph)) return { name: 'CyclicCO', nodes: someCycle(graph) ?? [] };
  const writers = writersOf(nodes);
  const conflicts = nodes.map((): number[] => []);
  for (const [reader, { reads }] of nodes.entries()) {
    for (const { key, from } of reads) {
      for (const list of writers.get(key) ?? []) {
        const other = clocks.lastBefore(list, reader);
        if (other < 0 || other === from) continue;
        if (from === initialSource) return { name: 'WriteCOInitRead', nodes: [other, reader] };
        if (clocks.precedes(from, other)) {
          return { name: 'WriteCORead', nodes: [from, other, reader] };
        }
        conflicts[other]?.push(from);
      }
    }
  }
  if (level === 'CCv') {
    const all = graph.map((targets, node) => [...targets, ...item(conflicts, node)]);
    const cycle = someCycle(all);
    return cycle === null ? null : { name: 'CyclicCF', nodes: cycle };
  }
  return level === 'CM' ? findMemoryPattern(nodes, sessionCount, graph) : null;
}

/**
 * CM: each session must explain all its reads by one order of its causal past. HB grows along the
 * session, so its last operation is enough: add w1 -> w2 whenever one of the session's reads took
 * from w2 with w1 before it, to a fixed point.
 */
function findMemoryPattern(
  nodes: readonly Node[],
  sessionCount: number,
  causal: readonly (readonly number[])[],
): Pattern | null {
  const writers = writersOf(nodes);
  const clocksOf = (graph: readonly (readonly number[])[]): Clocks | null => {
    const clocks = new Clocks(nodes, sessionCount);
    return clocks.fill(graph) ? clocks : null;
  };
  const base = clocksOf(causal);
  const sessions = new Map<number, number[]>();
  for (const [node, { session }] of nodes.entries()) {
    sessions.set(session, [...(sessions.get(session) ?? []), node]);
  }
  for (const members of sessions.values()) {
    const last = members.at(-1) ?? -1;
    const isPast = (node: number): boolean =>
      node === last || (base?.precedes(node, last) ?? false);
    const graph = causal.map((targets, node) => (isPast(node) ? targets.filter(isPast) : []));
    const known = new Set<string>();
    for (let grew = true; grew;) {
      grew = false;
      const clocks = clocksOf(graph);
      if (clocks === null) return { name: 'CyclicHB', nodes: someCycle(graph) ?? [] };
      for (const reader of members) {
        for (const { key, from } of item(nodes, reader).reads) {
          for (const list of writers.get(key) ?? []) {
            const other = clocks.lastBefore(list, reader);
            if (other < 0 || other === from) continue;
            if (from === initialSource) return { name: 'WriteHBInitRead', nodes: [other, reader] };
            if (clocks.precedes(other, from) || known.has(`${other} ${from}`)) continue;
            known.add(`${other} ${from}`);
            graph[other]?.push(from);
            grew = true;
          }
        }
      }
    }
  }
  return null;
}
