/** Version vectors: how many updates of each writer are known (Parker et al., 1983). Pure. */

/** A writer that is not named counts 0. Keys are sorted, so that equal vectors are equal data. */
export type Vector = { readonly [writer: string]: number };

export const zero: Vector = Object.freeze({});

/** The knowledge of both. */
export function join(one: Vector, other: Vector): Vector {
  if (includes(one, other)) return one;
  if (includes(other, one)) return other;
  const writers = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return vectorOf(
    writers.map((writer) => [writer, Math.max(one[writer] ?? 0, other[writer] ?? 0)]),
  );
}

/** Whether everything in the other is in this one. */
export function includes(one: Vector, other: Vector): boolean {
  return Object.keys(other).every((writer) => (one[writer] ?? 0) >= (other[writer] ?? 0));
}

/** Neither knows all that the other knows. */
export function areConcurrent(one: Vector, other: Vector): boolean {
  return !includes(one, other) && !includes(other, one);
}

export function increment(vector: Vector, writer: string, by = 1): Vector {
  return vectorOf(Object.entries({ ...vector, [writer]: (vector[writer] ?? 0) + by }));
}

function vectorOf(entries: readonly (readonly [string, number])[]): Vector {
  return Object.freeze(Object.fromEntries(entries.toSorted(byName)));
}

/** Orders entries of records, so that equal contents are equal data. */
export function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
