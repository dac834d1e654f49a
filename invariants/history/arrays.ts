/** Typed arrays for the inner loops of the checkers, read without a test for undefined. */

/** The element at an index that the caller knows to be inside. */
export function at(array: Int32Array, index: number): number {
  return array[index] as number;
}

/** The same for floats: apart, since an engine compiles access to one kind of array much better. */
export function floatAt(array: Float64Array, index: number): number {
  return array[index] as number;
}

/** The item at an index that the caller knows to be inside. */
export function item<T>(array: readonly T[], index: number): T {
  return array[index] as T;
}

/** A copy of twice the length. */
export function doubled(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}

/** The first position of a sorted array whose element is greater than `bound`. */
export function firstAbove(sorted: Int32Array, bound: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (at(sorted, middle) > bound) high = middle;
    else low = middle + 1;
  }
  return low;
}
