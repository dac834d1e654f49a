/** Finds, names and explains cycles between transactions. */
import { componentsOf, shortestPath, someCycle } from '../cycle.ts';
import { type Edges, type Level, edgeKinds, levelGraph } from './levels.ts';

/** A cycle: each node is followed by the next, the last by the first. */
export interface Cycle {
  /** G0, G1c, G-single, G-nonadjacent or G2-item, with -process or -realtime. */
  readonly name: string;
  readonly nodes: readonly number[];
  /** By step: the kind of the edge to the next node, and the edge's number. */
  readonly kinds: readonly number[];
  readonly edges: readonly number[];
}

const { ww, wr, rw, session, realtime, rival } = edgeKinds;

const plainest: readonly number[] = [ww, wr, session, realtime, rw, rival];

/** Some cycle that a level forbids, short and with few rw edges if possible; null if none. */
export function findCycle(nodeCount: number, edges: Edges, level: Level): Cycle | null {
  for (const kinds of [ww, ww | wr]) {
    for (const order of [0, session, session | realtime]) {
      const allowed = (kinds | order) & level.kinds;
      const sub: Level = { ...level, kinds: allowed, toleratesWriteSkew: false };
      const found = someCycle(levelGraph(nodeCount, edges, sub));
      if (found !== null) return named(found, edges, allowed);
    }
  }
  for (const order of [0, session, session | realtime]) {
    const found = singleAntiDependency(nodeCount, edges, level, order & level.kinds);
    if (found !== null) return found;
  }
  const found = someCycle(levelGraph(nodeCount, edges, level));
  if (found === null) return null;
  return named(
    found.map((node) => node % nodeCount),
    edges,
    level.kinds,
  );
}

/** G-single: one rw edge, and a way back without any. Only edges inside a component can close. */
function singleAntiDependency(
  nodeCount: number,
  edges: Edges,
  level: Level,
  order: number,
): Cycle | null {
  if ((level.kinds & rw) === 0) return null;
  const all: Level = { ...level, kinds: ww | wr | rw | order, toleratesWriteSkew: false };
  const component = componentsOf(levelGraph(nodeCount, edges, all));
  const back = levelGraph(nodeCount, edges, { ...all, kinds: ww | wr | order });
  let tries = 0;
  for (let edge = 0; edge < edges.from.length && tries < 500; edge += 1) {
    const [from, to] = [edges.from[edge] ?? 0, edges.to[edge] ?? 0];
    if (edges.kind[edge] !== rw || component[from] !== component[to]) continue;
    tries += 1;
    const inside = (_: number, target: number): boolean => component[target] === component[from];
    const path = shortestPath(back, to, from, inside);
    if (path === null) continue;
    const nodes = [from, ...path.slice(0, -1)];
    const cycle = named(nodes, edges, ww | wr | order);
    const kinds = cycle.kinds.with(0, rw);
    return { ...cycle, name: nameOf(kinds), kinds, edges: cycle.edges.with(0, edge) };
  }
  return null;
}

/** The plainest edge between each node of a cycle and the next, of the kinds allowed. */
function steps(nodes: readonly number[], edges: Edges, kinds: number): number[] {
  const placeOf = new Map(nodes.map((node, place) => [node, place]));
  const found = nodes.map(() => -1);
  const rank = (edge: number): number => plainest.indexOf(edges.kind[edge] ?? 0);
  for (let edge = 0; edge < edges.from.length; edge += 1) {
    const place = placeOf.get(edges.from[edge] ?? -1);
    if (place === undefined || edges.to[edge] !== nodes[(place + 1) % nodes.length]) continue;
    if (((edges.kind[edge] ?? 0) & kinds) === 0) continue;
    const best = found[place] ?? -1;
    if (best < 0 || rank(edge) < rank(best)) found[place] = edge;
  }
  return found;
}

function named(nodes: readonly number[], edges: Edges, allowed: number): Cycle {
  const taken = steps(nodes, edges, allowed);
  const kinds = taken.map((edge) => edges.kind[edge] ?? 0);
  return { name: nameOf(kinds), nodes, kinds, edges: taken };
}

/** Adya's and Elle's names. */
function nameOf(kinds: readonly number[]): string {
  if (kinds.includes(rival)) return 'lost update';
  const antiCount = kinds.filter((kind) => kind === rw).length;
  const isAdjacent = kinds.some((kind, i) => kind === rw && kinds[(i + 1) % kinds.length] === rw);
  const suffix = kinds.includes(realtime) ? '-realtime' : kinds.includes(session) ? '-process' : '';
  if (antiCount === 1) return `G-single${suffix}`;
  if (antiCount > 1) return `${isAdjacent ? 'G2-item' : 'G-nonadjacent'}${suffix}`;
  return `${kinds.includes(wr) ? 'G1c' : 'G0'}${suffix}`;
}
