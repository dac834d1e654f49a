/** The table by log position. */
import { expect, test } from 'vitest';
import { Positions } from '../../invariants/positions.ts';

function contents(table: Positions<string>): string {
  const parts: string[] = [];
  table.each((position, value) => parts.push(`${position}${value}`));
  return parts.join(' ');
}

test('positions may be set in any order and more than once', () => {
  const table = new Positions<string>();
  table.set(3, 'c');
  table.set(1, 'a');
  table.set(3, 'd');
  expect(contents(table)).toBe('1a 3d');
  expect(table.get(2)).toBeUndefined();
});

test('what is forgotten stays forgotten, and the rest stays where it is', () => {
  const table = new Positions<string>();
  for (let i = 1; i <= 5; i++) table.set(i, 'x');
  table.forget(3);
  table.set(2, 'y');
  table.forget(1);
  expect(contents(table)).toBe('4x 5x');
});

test('a position below every other is not lost while nothing is forgotten', () => {
  const table = new Positions<string>();
  table.set(500, 'b');
  table.set(1, 'a');
  expect(contents(table)).toBe('1a 500b');
});

test('a position that is absurdly far away costs no memory', () => {
  const table = new Positions<string>();
  table.set(1, 'a');
  table.set(Number.MAX_SAFE_INTEGER - 1, 'z');
  expect(contents(table)).toBe(`${Number.MAX_SAFE_INTEGER - 1}z`);
});

test('a fork and its parent do not see each other', () => {
  const table = new Positions<string>();
  table.set(1, 'a');
  const copy = table.fork();
  copy.set(2, 'b');
  table.set(2, 'c');
  copy.forget(1);
  expect([contents(table), contents(copy)]).toEqual(['1a 2c', '2b']);
});
