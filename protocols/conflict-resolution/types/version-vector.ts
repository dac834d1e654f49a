/**
 * Version vectors with siblings (Parker et al. 1983; Dynamo, SOSP 2007, §4.4): each version says
 * what its writer had seen, and concurrent ones are kept side by side until somebody who has seen
 * them all writes again. Writers are clients: with servers in their place a write could seem to
 * have seen what its client had not.
 */
import type { Plain } from '../../../sim/engine/protocol.ts';
import { canonicalText } from './canonical.ts';
import { includes, increment, join, zero, type Vector } from '../vectors.ts';
import type { ReplicatedType, Stamp } from './type.ts';

type Version = { readonly vector: Vector; readonly value: Plain };

/** Sorted; none has seen another. */
export type SiblingsState = readonly Version[];

/** Whom the vector counts, and how far that one is. */
type Writer = (stamp: Stamp) => readonly [writer: string, count: number];

export function versionVectors(
  writerOf: Writer = ({ client, sequence }) => [client, sequence],
): ReplicatedType<SiblingsState> {
  return {
    initial: Object.freeze([]),
    update(_state, { type, value = null }, stamp) {
      if (type !== 'put' && type !== 'delete') return null;
      const seen = (stamp.context ?? zero) as Vector;
      const [writer, count] = writerOf(stamp);
      const vector = increment(seen, writer, count - (seen[writer] ?? 0));
      return [{ vector, value: type === 'put' ? value : null }];
    },
    merge(one, other) {
      const all = [...one, ...other];
      const kept = all.filter(({ vector }, i) =>
        all.every((rival, j) => {
          if (i === j || !includes(rival.vector, vector)) return true;
          return includes(vector, rival.vector) && i < j;
        }),
      );
      return kept.toSorted((a, b) => (canonicalText(a) < canonicalText(b) ? -1 : 1));
    },
    value: (state) => readSiblings(state.map(({ value }) => value)),
    contextOf: (state) => state.reduce((all, { vector }) => join(all, vector), zero),
  };
}

/** One version is its value; several are a list of them, in an order that all replicas share. */
export function readSiblings(values: readonly Plain[]): Plain {
  if (values.length <= 1) return values[0] ?? null;
  return values.toSorted((a, b) => (canonicalText(a) < canonicalText(b) ? -1 : 1));
}
