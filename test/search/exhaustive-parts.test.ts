/** What exhaustive search is made of: the set of states, renamings, components. */
import { expect, test } from 'vitest';
import { finish } from '../../sim/engine/index.ts';
import { components } from '../../sim/search/components.ts';
import { StateSet } from '../../sim/search/state-set.ts';
import { Renamings } from '../../sim/search/symmetry.ts';

test('a set of 100,000 states knows each again, by both lanes', () => {
  const set = new StateSet();
  for (let i = 0; i < 100_000; i++) {
    if (!set.add(finish(i), i & 7, i - 1, 3)) throw new Error(`${i} was taken for an earlier one`);
  }
  for (let i = 0; i < 100_000; i++) {
    if (set.add(finish(i), i & 7, -1, 0)) throw new Error(`${i} was forgotten`);
    if (set.last !== i) throw new Error(`${i} was taken for ${set.last}`);
  }
  expect(set.size).toBe(100_000);
  // The same low lane with another high lane is another state.
  expect(set.add(finish(5) ^ 1, 5, -1, 0)).toBe(true);
});

test('a path leads through the parents to the initial state', () => {
  const set = new StateSet();
  set.add(1, 1, -1, 2);
  set.add(2, 2, 0, 7);
  set.add(3, 3, 0, 8);
  set.add(4, 4, 1, 65_535);
  expect(set.pathTo(3)).toEqual([2, 7, 65_535]);
});

test('only renamings that sort the keys are candidates, and ties are tried in every order', () => {
  const renamings = new Renamings(3);
  const of = (...keys: number[]) =>
    renamings.sorting(new Int32Array(keys)).map((position) => renamings.all[position]);
  expect(of(30, 10, 20)).toEqual([[2, 0, 1]]);
  expect(of(5, 5, 1)).toEqual([
    [1, 2, 0],
    [2, 1, 0],
  ]);
  expect(of(4, 4, 4)).toHaveLength(6);
});

test('components are the largest sets whose members reach each other', () => {
  //    0 → 1 ⇄ 2 → 3 ↺, 4 → 0 and back
  const found = components([[1, 4], [2], [1, 3], [3], [0]]);
  const sets = found.map((component) => component.toSorted((a, b) => a - b));
  expect(sets.toSorted((a, b) => (a[0] ?? 0) - (b[0] ?? 0))).toEqual([[0, 4], [1, 2], [3]]);
});

test('a path of 200,000 vertices does not exhaust the stack', () => {
  const targets = Array.from({ length: 200_000 }, (_, i) => (i === 0 ? [] : [i - 1])).reverse();
  expect(components(targets.map((_, i) => (i + 1 < targets.length ? [i + 1] : [])))).toHaveLength(
    200_000,
  );
});
