/** The specification's unit test template for conflicts, and what makes replicas agree. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { resolveConflictLww } from '../../protocols/conflict-resolution/lww.ts';

test('the later timestamp wins', () => {
  const result = resolveConflictLww(
    { value: 'A', timestamp: 1000 },
    { value: 'B', timestamp: 1001 },
  );
  expect(result.value).toBe('B');
});

test('of equal timestamps the greater name wins, then the greater value', () => {
  const timestamp = 5;
  const byNode = resolveConflictLww(
    { value: 'B', timestamp, node: 'n1' },
    { value: 'A', timestamp, node: 'n2' },
  );
  expect(byNode.value).toBe('A');
  expect(resolveConflictLww({ value: 'A', timestamp }, { value: 'B', timestamp }).value).toBe('B');
});

const versions = fc.record({
  value: fc.constantFrom('A', 'B', 'C'),
  timestamp: fc.integer({ min: 0, max: 2 }),
  node: fc.constantFrom('n1', 'n2'),
});

test('it is commutative, associative and idempotent', () => {
  fc.assert(
    fc.property(versions, versions, versions, (a, b, c) => {
      const merge = resolveConflictLww<string>;
      expect(merge(a, b)).toEqual(merge(b, a));
      expect(merge(merge(a, b), c)).toEqual(merge(a, merge(b, c)));
      expect(merge(a, a)).toEqual(a);
      expect([a, b]).toContainEqual(merge(a, b));
    }),
    { seed: 2, numRuns: 300 },
  );
});
