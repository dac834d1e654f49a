/** The specification's replication tests, with the names that this project gives them. */
import { expect, test } from 'vitest';
import {
  simulateAsyncReplication,
  simulateSyncReplication,
} from '../../protocols/replication/formulas.ts';

test('a synchronous write takes as long as the slowest of three replicas', () => {
  const result = simulateSyncReplication({ replicas: 3, latenciesMs: [10, 20, 30] });
  expect(result.totalLatencyMs).toBe(30);
});

test('a replica that applies 800 of 1000 writes a second is 12000 behind after a minute', () => {
  const result = simulateAsyncReplication({
    writeRate: 1000,
    applyRate: 800,
    durationSeconds: 60,
  });
  expect(result.lagMessages).toBe(12_000);
  expect(result.lagSeconds).toBe(15);
});

test('a replica that keeps up has no lag, one that applies nothing never catches up', () => {
  const write = { writeRate: 100, durationSeconds: 10 };
  expect(simulateAsyncReplication({ ...write, applyRate: 100 })).toEqual({
    lagMessages: 0,
    lagSeconds: 0,
  });
  expect(simulateAsyncReplication({ ...write, applyRate: 0 })).toEqual({
    lagMessages: 1000,
    lagSeconds: Infinity,
  });
});

test('everything that is wrong about the input is said at once', () => {
  expect(() => simulateSyncReplication({ replicas: 2, latenciesMs: [-1] })).toThrow(
    'latenciesMs must have one latency for each replica; latenciesMs must be numbers of at least 0',
  );
  expect(() =>
    simulateAsyncReplication({ writeRate: NaN, applyRate: -1, durationSeconds: 1 }),
  ).toThrow('writeRate must be a number of at least 0; applyRate must be a number of at least 0');
});
