/** The table: copies are independent, and equal contents have equal hashes, however they came. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Table } from '../../protocols/common/table.ts';

const SEED = 20260119;
const writes = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 0, max: 5 })));

function tableOf(list: readonly (readonly [string, number])[]): Table<number> {
  const table = new Table<number>();
  for (const [key, value] of list) table.set(key, value);
  return table;
}

test('a copy and its original do not see what the other one writes', () => {
  fc.assert(
    fc.property(writes, writes, writes, (before, own, others) => {
      const table = tableOf(before);
      const copy = table.fork();
      for (const [key, value] of own) table.set(key, value);
      for (const [key, value] of others) copy.set(key, value);
      expect(table.toPlain()).toEqual(tableOf([...before, ...own]).toPlain());
      expect(copy.toPlain()).toEqual(tableOf([...before, ...others]).toPlain());
    }),
    { seed: SEED },
  );
});

test('the hash depends on what is there, not on the way to it', () => {
  fc.assert(
    fc.property(writes, writes, (one, two) => {
      const [a, b] = [tableOf(one), tableOf(two)];
      const same = JSON.stringify(a.toPlain()) === JSON.stringify(b.toPlain());
      expect(a.hash(0) === b.hash(0)).toBe(same);
      expect(a.hash(1) === b.hash(1)).toBe(same);
      expect(a.hash(0)).toBe(tableOf(Object.entries(a.toPlain() as object)).hash(0));
    }),
    { seed: SEED },
  );
});

test('a change gives a new version, and a value that is stored is frozen', () => {
  const table = new Table<{ readonly n: number }>();
  const { version } = table;
  table.set('a', { n: 1 });
  expect(table.version).not.toBe(version);
  expect(Object.isFrozen(table.get('a'))).toBe(true);
});
