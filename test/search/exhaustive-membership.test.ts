/** Exhaustive search of Raft while its membership changes: small, but all of it. */
import { expect, test } from 'vitest';
import { exhaustive } from '../../sim/search/exhaustive.ts';
import { boundedRaft } from '../helpers/exhaustive-raft.ts';

const type = 'change-membership';

test('two servers that become three violate nothing, in any order of events', () => {
  const model = boundedRaft({
    members: ['n1', 'n2'],
    changes: [{ type, add: 'n3' }],
    elections: 3,
  });
  const { violation, reason, distinct } = exhaustive(model);
  expect(violation).toBeNull();
  expect(reason).toBe('complete');
  expect(distinct).toBeGreaterThan(20_000);
});

test('a mutant of membership is found by a shortest path', () => {
  const model = boundedRaft({
    nodes: 3,
    members: ['n1', 'n2'],
    changes: [{ type, learn: 'n3' }],
    mutants: ['learner-campaigns'],
    elections: 2,
  });
  const { violation } = exhaustive(model);
  expect(violation?.path.length).toBeGreaterThan(5);
});

test('requests that name nodes are refused where nodes are interchangeable', () => {
  const changes = [{ type, remove: 'n3' }];
  expect(() => boundedRaft({ changes, symmetric: true })).toThrow('interchangeable');
});
