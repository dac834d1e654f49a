/**
 * Dots and causal contexts (Almeida, Shoker and Baquero 2018, §7): a store of values by the update
 * that brought them, and all updates that were ever seen. A value that is gone, though its dot was
 * seen, was removed; so nothing of it has to be kept. Serves the set and the multi-value register.
 */
import type { NodeId, Plain } from '../../../sim/engine/protocol.ts';
import { byName, join, zero, type Vector } from '../vectors.ts';

/** `n1:3` */
export type Dot = string;

export type Context = {
  /** Every update of a node up to here was seen. */
  readonly vector: Vector;
  /** And these beyond, sorted: deltas may leave gaps. */
  readonly cloud: readonly Dot[];
};

export type DotStore = {
  /** What is there, by the update that brought it; sorted. */
  readonly dots: { readonly [dot: Dot]: Plain };
  readonly context: Context;
};

export const emptyStore: DotStore = Object.freeze({
  dots: Object.freeze({}),
  context: Object.freeze({ vector: zero, cloud: Object.freeze([]) }),
});

export function dotOf(node: NodeId, counter: number): Dot {
  return `${node}:${counter}`;
}

/** A delta: these values are new, and everything under these dots was seen. */
export function storeOf(dots: DotStore['dots'], seen: readonly Dot[]): DotStore {
  return { dots: sorted(dots), context: compact(zero, seen) };
}

/** What both have, and what one has and the other has not seen yet. */
export function mergeStores(one: DotStore, other: DotStore): DotStore {
  const kept = [
    ...Object.entries(one.dots).filter(
      ([dot]) => dot in other.dots || !hasSeen(other.context, dot),
    ),
    ...Object.entries(other.dots).filter(([dot]) => !hasSeen(one.context, dot)),
  ];
  const vector = join(one.context.vector, other.context.vector);
  const cloud = [...one.context.cloud, ...other.context.cloud];
  return { dots: sorted(Object.fromEntries(kept)), context: compact(vector, cloud) };
}

function hasSeen({ vector, cloud }: Context, dot: Dot): boolean {
  const [node, counter] = partsOf(dot);
  return counter <= (vector[node] ?? 0) || cloud.includes(dot);
}

/** Dots that continue the vector go into it. */
function compact(vector: Vector, cloud: readonly Dot[]): Context {
  const known = new Map(Object.entries(vector));
  const rest = new Set<Dot>();
  const inOrder = cloud.toSorted((a, b) => partsOf(a)[1] - partsOf(b)[1]);
  for (const dot of inOrder) {
    const [node, counter] = partsOf(dot);
    const seen = known.get(node) ?? 0;
    if (counter === seen + 1) known.set(node, counter);
    else if (counter > seen) rest.add(dot);
  }
  const entries = [...known].toSorted(byName);
  return {
    vector: Object.fromEntries(entries),
    cloud: [...rest].toSorted((a, b) => (a < b ? -1 : 1)),
  };
}

function partsOf(dot: Dot): [node: NodeId, counter: number] {
  const colon = dot.lastIndexOf(':');
  return [dot.slice(0, colon), Number(dot.slice(colon + 1))];
}

function sorted(dots: DotStore['dots']): DotStore['dots'] {
  return Object.fromEntries(Object.entries(dots).toSorted(byName));
}
