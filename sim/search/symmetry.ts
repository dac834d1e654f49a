/**
 * Symmetry reduction: states that differ only by a renaming of interchangeable parties count as
 * one. Trying all n! renamings is dear, so the parties are first sorted by a key that no renaming
 * changes, and only ties are tried in every order (Ip and Dill, "Better Verification through
 * Symmetry", 1996; the sorting is the usual heuristic of explicit-state checkers).
 */
import { assert } from '../engine/assert.ts';

/** A renaming: the party at place i goes to place renaming[i]. */
export type Renaming = readonly number[];

export class Renamings {
  /** All renamings of n parties; the first changes nothing. */
  readonly all: readonly Renaming[];
  private readonly parties: number;
  private readonly byPattern = new Map<number, readonly number[]>();

  constructor(parties: number) {
    assert(parties <= 7, 'symmetry is for at most seven parties');
    this.parties = parties;
    this.all = permutations(parties);
  }

  /**
   * The positions in `all` of the renamings that sort the parties by their keys, one for each order
   * of those that tie. States that are renamings of one another yield the same sorted states.
   */
  sorting(keys: Int32Array): readonly number[] {
    const { parties } = this;
    let pattern = 0;
    for (let i = 0; i < parties; i++) {
      let rank = 0;
      for (let j = 0; j < parties; j++) if ((keys[j] as number) < (keys[i] as number)) rank++;
      pattern = pattern * parties + rank;
    }
    let found = this.byPattern.get(pattern);
    if (found === undefined) {
      found = this.agreeingWith(keys);
      this.byPattern.set(pattern, found);
    }
    return found;
  }

  private agreeingWith(keys: Int32Array): readonly number[] {
    const sorts = (renaming: Renaming) =>
      renaming.every((place, i) =>
        renaming.every(
          (other, j) =>
            place < other === (keys[i] as number) < (keys[j] as number) || keys[i] === keys[j],
        ),
      );
    return this.all.flatMap((renaming, position) => (sorts(renaming) ? [position] : []));
  }
}

/** In lexicographic order. */
function permutations(n: number): Renaming[] {
  if (n === 0) return [[]];
  const shorter = permutations(n - 1);
  return Array.from({ length: n }, (_, first) =>
    shorter.map((rest) => [first, ...rest.map((place) => (place < first ? place : place + 1))]),
  ).flat();
}
