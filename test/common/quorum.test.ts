/** Quorum arithmetic against the obvious way of doing it. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { nthLargest } from '../../protocols/common/quorum.ts';

test('the n-th largest is what sorting would put at that place', () => {
  const lists = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 40, size: 'max' });
  fc.assert(
    fc.property(lists, fc.integer({ min: 1, max: 45 }), (numbers, n) => {
      const sorted = [...numbers].sort((a, b) => b - a);
      expect(nthLargest([...numbers], n)).toBe(sorted[n - 1] ?? 0);
    }),
    { seed: 65, numRuns: 2000 },
  );
});

test('three of five servers have reached the third largest index', () => {
  expect(nthLargest([7, 2, 9, 4, 5], 3)).toBe(5);
});
