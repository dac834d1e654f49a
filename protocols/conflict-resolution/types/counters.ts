/** Counters (Shapiro et al., A comprehensive study of CRDTs, 2011, §3.1): a sum per node. */
import { increment, join, zero, type Vector } from '../vectors.ts';
import type { ReplicatedType } from './type.ts';

/** Grows only. */
export const gCounter: ReplicatedType<Vector> = {
  initial: zero,
  update(state, { type, by }, { node }) {
    if (type !== 'add' || typeof by !== 'number' || by < 0) return null;
    return increment(pick(state, node), node, by);
  },
  merge: join,
  value: sum,
};

export type PnState = { readonly added: Vector; readonly taken: Vector };

/** Two of them: what was added, and what was taken away. */
export const pnCounter: ReplicatedType<PnState> = {
  initial: Object.freeze({ added: zero, taken: zero }),
  update({ added, taken }, { type, by }, { node }) {
    if (type !== 'add' || typeof by !== 'number') return null;
    if (by >= 0) return { added: increment(pick(added, node), node, by), taken: zero };
    return { added: zero, taken: increment(pick(taken, node), node, -by) };
  },
  merge: (one, other) => ({
    added: join(one.added, other.added),
    taken: join(one.taken, other.taken),
  }),
  value: ({ added, taken }) => sum(added) - sum(taken),
};

/** One node's part of it: all that a delta has to carry. */
function pick(vector: Vector, node: string): Vector {
  const own = vector[node];
  return own === undefined ? zero : { [node]: own };
}

function sum(vector: Vector): number {
  return Object.values(vector).reduce((total, count) => total + count, 0);
}
