/** The specification's unit test templates for clusters, with the names of TypeScript. */
import { expect, test } from 'vitest';
import { calculateQuorum, validateCluster } from '../../sim/advisor/index.ts';

test('a quorum is more than half', () => {
  expect(calculateQuorum(3)).toBe(2);
  expect(calculateQuorum(5)).toBe(3);
  expect(calculateQuorum(7)).toBe(4);
});

test('5 nodes can tolerate 2 failures, not 3', () => {
  expect(validateCluster({ nodes: 5, failureTolerance: 2 })).toEqual({ valid: true });
  const result = validateCluster({ nodes: 5, failureTolerance: 3 });
  expect(result.valid).toBe(false);
  expect(result.error).toContain('2f+1');
});

test('lies take 3f+1 nodes', () => {
  const byzantine = true;
  expect(validateCluster({ nodes: 4, failureTolerance: 1, byzantine }).valid).toBe(true);
  expect(validateCluster({ nodes: 4, failureTolerance: 2, byzantine })).toEqual({
    valid: false,
    error:
      'Cannot tolerate f failures with fewer than 2f+1 nodes; ' +
      'Byzantine tolerance requires 3f+1 nodes',
  });
  expect(validateCluster({ nodes: 5, failureTolerance: 2, byzantine })).toEqual({
    valid: false,
    error: 'Byzantine tolerance requires 3f+1 nodes',
  });
});
