/** A strategy's own dice: a counter, hashed under a seed. A run is a function of that seed. */
import { finish, mix, valueOf } from '../engine/index.ts';

export class Chance {
  private readonly seed: number;
  private count = 0;

  /** Any 32-bit integer. */
  constructor(seed: number) {
    this.seed = finish(seed);
  }

  /** An integer in [0, bound), bound at most 2^32. */
  below(bound: number): number {
    return valueOf(mix(this.seed, this.count++), bound);
  }

  /** A 32-bit integer. */
  bits(): number {
    return finish(mix(this.seed, this.count++));
  }

  /** True in `ppm` of a million cases. */
  happens(ppm: number): boolean {
    return this.below(1_000_000) < ppm;
  }
}

/** Which entry a ticket in [0, sum of weights) falls on. */
export function entryAt(weights: ArrayLike<number>, ticket: number): number {
  let rest = ticket;
  let entry = 0;
  while (rest >= (weights[entry] as number)) rest -= weights[entry++] as number;
  return entry;
}
