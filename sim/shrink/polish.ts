/**
 * Several violations, each shrunk by itself: the shortest is nearer to the optimum than any one.
 */
import { shrink, type Shrunk, type ShrinkRequest } from './shrink.ts';

export interface Polished {
  readonly best: Shrunk;
  /** The lengths of all that were shrunk, in the order in which they were found. */
  readonly lengths: readonly number[];
}

/**
 * Shrinks `count` violations, found independently of one another, and keeps the shortest, of equals
 * the first. Deleting cannot leave a detour that the run took (two elections where a request would
 * have done); another run may not have taken it. `find` gives null when there are no more.
 */
export function polish(
  count: number,
  find: (index: number) => ShrinkRequest | null,
): Polished | null {
  let best: Shrunk | null = null;
  const lengths: number[] = [];
  for (let index = 0; index < count; index++) {
    const request = find(index);
    if (request === null) break;
    const shrunk = shrink(request);
    if (shrunk !== null) {
      lengths.push(shrunk.steps.length);
      if (best === null || isBetter(shrunk, best)) best = shrunk;
    }
    if (request.interrupted?.() === true) break;
  }
  return best === null ? null : { best, lengths };
}

function isBetter(one: Shrunk, other: Shrunk): boolean {
  return one.steps.length < other.steps.length;
}
