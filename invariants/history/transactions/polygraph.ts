/** Polygraphs: known edges, and pairs of edge sets of which one must hold, without a cycle. */
import { item } from '../arrays.ts';
import { topologicalOrder } from '../cycle.ts';

/** An edge of the graph that must stay acyclic. */
export type Edge = readonly [from: number, to: number];

/** Either all of one side or all of the other. */
export interface Choice {
  readonly either: readonly Edge[];
  readonly or: readonly Edge[];
}

export interface Polygraph {
  readonly nodeCount: number;
  readonly known: readonly Edge[];
  readonly choices: readonly Choice[];
}

export interface Solution {
  readonly verdict: 'valid' | 'invalid' | 'unknown';
  /** How many partial solutions were looked at. */
  readonly configurations: number;
}

/**
 * Whether the choices can be made so that no cycle arises (Papadimitriou 1979; pruning as in Cobra,
 * OSDI 2020, and PolySI, VLDB 2023): sides that contradict what is reachable fall away until
 * nothing changes; what is left is decided and taken back. NP-complete; in practice pruning decides
 * all but a few choices. Needs n² bits.
 */
export function solve(polygraph: Polygraph, limit: number): Solution {
  const budget = { left: limit };
  const graph: number[][] = Array.from({ length: polygraph.nodeCount }, () => []);
  for (const [from, to] of polygraph.known) graph[from]?.push(to);
  const found = extend(graph, polygraph.choices, budget);
  const configurations = limit - budget.left;
  if (found === null) return { verdict: 'unknown', configurations };
  return { verdict: found ? 'valid' : 'invalid', configurations };
}

function extend(
  graph: number[][],
  choices: readonly Choice[],
  budget: { left: number },
): boolean | null {
  let open = choices;
  for (;;) {
    budget.left -= 1;
    if (budget.left < 0) return null;
    const order = closestOrder(graph);
    if (order === null) return false;
    const rank = new Int32Array(graph.length);
    for (const [place, node] of order.entries()) rank[node] = place;
    const isForward = ([from, to]: Edge): boolean => (rank[from] ?? 0) < (rank[to] ?? 0);
    // Edges that all lead forward close no cycle: then this order is a solution.
    const undecided = open.filter(
      ({ either, or }) => !either.every(isForward) && !or.every(isForward),
    );
    if (undecided.length === 0) return true;
    const reach = reachability(graph, order);
    const isImpossible = (side: readonly Edge[]): boolean =>
      side.some(([from, to]) => from === to || reach(to, from));
    const left: Choice[] = [];
    let grew = false;
    for (const choice of open) {
      const [noEither, noOr] = [isImpossible(choice.either), isImpossible(choice.or)];
      if (noEither && noOr) return false;
      if (!noEither && !noOr) left.push(choice);
      else {
        for (const [from, to] of noEither ? choice.or : choice.either) {
          if (reach(from, to)) continue;
          graph[from]?.push(to);
          grew = true;
        }
      }
    }
    open = left;
    if (grew) continue;
    const pending = new Set(undecided);
    const first = left.find((choice) => pending.has(choice));
    // What pruning has just settled may have been all that this order did not satisfy.
    if (first === undefined) continue;
    const rest = left.filter((choice) => choice !== first);
    const backwards = (side: readonly Edge[]): number =>
      side.filter((edge) => !isForward(edge)).length;
    const isEitherLikely = backwards(first.either) <= backwards(first.or);
    for (const side of isEitherLikely ? [first.either, first.or] : [first.or, first.either]) {
      const copy = graph.map((targets) => [...targets]);
      for (const [from, to] of side) copy[from]?.push(to);
      const found = extend(copy, rest, budget);
      if (found !== false) return found;
    }
    return false;
  }
}

/**
 * A topological order close to the order of the numbers:
 * databases mostly commit in the order of invocation, so it is mostly a solution at once.
 */
function closestOrder(graph: readonly (readonly number[])[]): number[] | null {
  if (topologicalOrder(graph) === null) return null;
  const visited = new Uint8Array(graph.length);
  const edge = new Int32Array(graph.length);
  const finished: number[] = [];
  for (let root = graph.length - 1; root >= 0; root -= 1) {
    if (visited[root] === 1) continue;
    visited[root] = 1;
    const path = [root];
    while (path.length > 0) {
      const node = path[path.length - 1] ?? 0;
      const to = graph[node]?.[edge[node] ?? 0];
      edge[node] = (edge[node] ?? 0) + 1;
      if (to === undefined) {
        path.pop();
        finished.push(node);
      } else if (visited[to] === 0) {
        visited[to] = 1;
        path.push(to);
      }
    }
  }
  return finished.toReversed();
}

/** Which nodes can be reached from which, as bit rows filled backwards. */
function reachability(
  graph: readonly (readonly number[])[],
  order: readonly number[],
): (from: number, to: number) => boolean {
  const words = (graph.length >>> 5) + 1;
  const rows = new Int32Array(graph.length * words);
  for (let place = order.length - 1; place >= 0; place -= 1) {
    const node = item(order, place);
    for (const to of graph[node] ?? []) {
      const [mine, theirs] = [node * words, to * words];
      for (let word = 0; word < words; word += 1) {
        rows[mine + word] = (rows[mine + word] ?? 0) | (rows[theirs + word] ?? 0);
      }
      rows[mine + (to >>> 5)] = (rows[mine + (to >>> 5)] ?? 0) | (1 << (to & 31));
    }
  }
  return (from, to) => (((rows[from * words + (to >>> 5)] ?? 0) >>> (to & 31)) & 1) === 1;
}
