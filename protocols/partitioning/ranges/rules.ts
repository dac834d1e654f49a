/** The rules of range partitioning, one function each; a mutant replaces one. */
import type { Held } from './state.ts';

export const rules = {
  /** Bigtable (2006) §5.1, CockroachDB: a route names the epoch; in another one nobody answers. */
  serves: ({ phase, epoch }: Held, asked: number): boolean =>
    phase === 'serving' && epoch === asked,

  /** MIT 6.5840, lab 5: before the content of a range is copied its owner stops to serve it. */
  freezes: true,

  /** The old owner forgets the range once the directory names the new one. */
  forgetsMoved: true,

  /** The directory names the new owner when the range is on its disk, not before. */
  waitsForTransfer: true,

  /** A copy that comes late must not replace what its receiver has served since. */
  takesTransfer: (held: Held | undefined, epoch: number): boolean =>
    held === undefined || held.epoch < epoch,
} satisfies Record<string, unknown>;

/** Booleans widen, so that a mutant may flip them. */
export type RangeRules = {
  readonly [Rule in keyof typeof rules]: (typeof rules)[Rule] extends boolean
    ? boolean
    : (typeof rules)[Rule];
};
