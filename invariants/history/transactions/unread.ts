/** Snapshot isolation where appends were never read: some order of them must fit. */
import { componentsOf } from '../cycle.ts';
import { type Edges, type Level, edgeKinds, levelGraph } from './levels.ts';
import { type Choice, type Edge, solve } from './polygraph.ts';

/** How many partial orders are tried before the answer is null. */
const limit = 10_000;

/**
 * Of two transactions that append to one list, one commits before the other begins, also when no
 * read tells which. Other levels are served by any order that extends what is known. Here only
 * pairs inside a strongly connected component can do harm: between components their order serves.
 * `unread`: by key, the nodes in question.
 */
export function canOrderUnread(
  nodeCount: number,
  edges: Edges,
  unread: readonly (readonly number[])[],
  level: Level,
): boolean | null {
  if (!level.toleratesWriteSkew || unread.length === 0) return true;
  const component = componentsOf(levelGraph(nodeCount, edges, allEdges(level)));
  const pairs = unread.flatMap((nodes) => pairsWithin(nodes, component));
  if (pairs.length === 0) return true;
  const numbers = renumber(pairs, component);
  const depends = (from: number, to: number): Edge[] => [
    [2 * from, 2 * to],
    [2 * from + 1, 2 * to],
  ];
  const known: Edge[] = [];
  for (let edge = 0; edge < edges.from.length; edge += 1) {
    const kind = edges.kind[edge] ?? 0;
    const [from, to] = [numbers.get(edges.from[edge] ?? -1), numbers.get(edges.to[edge] ?? -1)];
    if ((kind & level.kinds) === 0 || from === undefined || to === undefined) continue;
    if (kind === edgeKinds.rw) known.push([2 * from, 2 * to + 1]);
    else known.push(...depends(from, to));
  }
  const choices = pairs.map(([a, b]): Choice => {
    const [from, to] = [numbers.get(a) ?? 0, numbers.get(b) ?? 0];
    return { either: depends(from, to), or: depends(to, from) };
  });
  const { verdict } = solve({ nodeCount: 2 * numbers.size, known, choices }, limit);
  return verdict === 'unknown' ? null : verdict === 'valid';
}

/** The level with every edge in one graph: what is not on a cycle here is on none. */
function allEdges(level: Level): Level {
  return { ...level, toleratesWriteSkew: false };
}

function pairsWithin(nodes: readonly number[], component: Int32Array): Edge[] {
  const byComponent = new Map<number, number[]>();
  for (const node of nodes) {
    const members = byComponent.get(component[node] ?? -1);
    if (members === undefined) byComponent.set(component[node] ?? -1, [node]);
    else members.push(node);
  }
  return [...byComponent.values()].flatMap((members) =>
    members.flatMap((a, place) => members.slice(place + 1).map((b): Edge => [a, b])),
  );
}

/** Small numbers for all nodes of the components that the pairs are in. */
function renumber(pairs: readonly Edge[], component: Int32Array): Map<number, number> {
  const concerned = new Set(pairs.map(([a]) => component[a]));
  const numbers = new Map<number, number>();
  for (const [node, its] of component.entries()) {
    if (concerned.has(its)) numbers.set(node, numbers.size);
  }
  return numbers;
}
