/** Isolation levels as cycles and anomalies they forbid (Adya 1999; Elle, VLDB 2020). */
import { topologicalOrder } from '../cycle.ts';

/**
 * Why one transaction must come before another. `rival`: the first did not see what the second
 * wrote to a key they both write; under snapshot isolation the first must then commit first.
 */
export const edgeKinds = { ww: 1, wr: 2, rw: 4, session: 8, realtime: 16, rival: 32 } as const;

/** Edges in columns: from, to, and which kind. */
export interface Edges {
  readonly from: number[];
  readonly to: number[];
  readonly kind: number[];
}

export interface Level {
  readonly name: string;
  /** How strong it is in itself, and what order it binds: none, sessions, real time. */
  readonly strength: readonly [base: number, order: number];
  /** Kinds of edges that must not form a cycle. */
  readonly kinds: number;
  /** Snapshot isolation tolerates cycles with two rw edges in a row. */
  readonly toleratesWriteSkew: boolean;
  /** Anomalies without a cycle that it forbids. */
  readonly forbids: readonly string[];
}

const dirty = [
  'G1a',
  'G1b',
  'thin-air read',
  'incompatible order',
  'duplicate elements',
  'dirty update',
];
const torn = ['internal', 'lost update'];
const { ww, wr, rw, session, realtime, rival } = edgeKinds;

const bases: readonly Omit<Level, 'strength'>[] = [
  { name: 'read-uncommitted', kinds: ww, toleratesWriteSkew: false, forbids: [] },
  { name: 'read-committed', kinds: ww | wr, toleratesWriteSkew: false, forbids: dirty },
  {
    name: 'snapshot-isolation',
    kinds: ww | wr | rw | rival,
    toleratesWriteSkew: true,
    forbids: [...dirty, ...torn],
  },
  {
    name: 'serializable',
    kinds: ww | wr | rw,
    toleratesWriteSkew: false,
    forbids: [...dirty, ...torn],
  },
];

/**
 * Weakest first: plain, then with each session's order (strong-session-…), then with real time
 * (strong-…). On lists, where every read is of an item, repeatable read is serializable.
 */
export const levels: readonly Level[] = [
  ...bases.map((base, rank): Level => ({ ...base, strength: [rank, 0] })),
  ...bases.map((base, rank): Level => {
    const name = `strong-session-${base.name}`;
    return { ...base, name, strength: [rank, 1], kinds: base.kinds | session };
  }),
  ...bases.map((base, rank): Level => {
    const name = base.name === 'serializable' ? 'strict-serializable' : `strong-${base.name}`;
    return { ...base, name, strength: [rank, 2], kinds: base.kinds | session | realtime };
  }),
];

/** Whether the stronger level forbids all that the weaker, another one, does. */
export function isWeaker(weaker: Level, stronger: Level): boolean {
  const [base, order] = weaker.strength;
  return weaker !== stronger && base <= stronger.strength[0] && order <= stronger.strength[1];
}

/** A level by name; `strong-serializable` is another word for `strict-serializable`. */
export function levelOf(name: string): Level | undefined {
  const asked = name === 'strong-serializable' ? 'strict-serializable' : name;
  return levels.find((level) => level.name === asked);
}

/** Whether the edges of a level's kinds are free of the cycles it forbids. O(nodes + edges). */
export function isAcyclic(nodeCount: number, edges: Edges, level: Level): boolean {
  return topologicalOrder(levelGraph(nodeCount, edges, level)) !== null;
}

/**
 * The graph whose cycles a level forbids. For snapshot isolation each node comes twice, as reached
 * by an rw edge (upper half) or by another: no second rw edge leads on from the upper half.
 */
export function levelGraph(nodeCount: number, edges: Edges, level: Level): number[][] {
  const isDoubled = level.toleratesWriteSkew;
  const graph: number[][] = Array.from({ length: isDoubled ? 2 * nodeCount : nodeCount }, () => []);
  for (let edge = 0; edge < edges.from.length; edge += 1) {
    const [from, to, kind] = [edges.from[edge] ?? 0, edges.to[edge] ?? 0, edges.kind[edge] ?? 0];
    if ((kind & level.kinds) === 0) continue;
    if (isDoubled && kind === rw) graph[from]?.push(nodeCount + to);
    else {
      graph[from]?.push(to);
      if (isDoubled) graph[nodeCount + from]?.push(to);
    }
  }
  return graph;
}
