/** Rehearsals: what is promised happens, and what does not happen is found out. */
import { beforeAll, describe, expect, test } from 'vitest';
import { advise, contextSchema, rehearse, verdictOf } from '../../sim/advisor/index.ts';
import type { Advice, Rehearsal } from '../../sim/advisor/index.ts';

type Possible = Extract<Rehearsal, { possible: true }>;

function adviceOn(context: Parameters<typeof contextSchema.parse>[0]): Advice {
  return advise(contextSchema.parse(context));
}

function possible(advice: Advice): Possible {
  const rehearsal = rehearse(advice, { seed: '7', runs: 1 });
  if (!rehearsal.possible) throw new Error(rehearsal.why);
  return rehearsal;
}

describe('raft with 5 nodes', () => {
  const advice = adviceOn({
    problem_type: 'consensus',
    cluster_config: { nodes: 5, regions: ['eu', 'us', 'asia'] },
    consistency_requirement: 'linearizable',
    network_assumptions: { latency_ms: 10, partition_probability: 0.1 },
  });
  let rehearsal: Possible;
  beforeAll(() => {
    rehearsal = possible(advice);
  });

  test('keeps every promise, linearizability among them', () => {
    expect(verdictOf(rehearsal)).toBe('passed');
    expect(rehearsal.steady.consistency).toMatchObject({ promised: 'linearizable', held: true });
    expect(rehearsal.failures.map(({ promise }) => promise)).toEqual([
      'goes on',
      'goes on',
      'goes on',
      'stops',
      'goes on',
    ]);
  });

  test('commits in about four one-way latencies: to the leader, to a majority, and back', () => {
    const { p50 } = rehearsal.steady.commitLatencyMs;
    expect(p50).toBeGreaterThan(30);
    expect(p50).toBeLessThan(60);
  });

  test('elects a new leader no sooner than its timeout, and soon after', () => {
    const { timeout_ms: timeout } = advice.configuration;
    const crash = rehearsal.failures.find(({ scenario }) => scenario === 'the leader crashes');
    expect(crash?.failoverMs).toBeGreaterThan(timeout / 2);
    expect(crash?.failoverMs).toBeLessThan(6 * timeout);
  });

  test('is there for less of the time where failures last', () => {
    const [crash] = rehearsal.failures;
    const lost = rehearsal.failures.find(({ promise }) => promise === 'stops');
    expect(lost?.availability).toBeLessThan(0.8);
    expect(crash?.availability).toBeGreaterThan(0.9);
  });

  test('gives the same figures again', () => {
    expect(rehearse(advice, { seed: '7', runs: 1 })).toEqual(rehearsal);
  });
});

test('registers without a leader go on without failover', () => {
  const advice = adviceOn({
    problem_type: 'replication',
    cluster_config: { nodes: 3 },
    consistency_requirement: 'linearizable',
    network_assumptions: { partition_probability: 0.05 },
  });
  const rehearsal = possible(advice);
  expect(rehearsal.protocol).toBe('quorum-register');
  expect(verdictOf(rehearsal)).toBe('passed');
});

test.each([
  ['linearizable', 'linearizable', ['stops', 'stops', 'stops']],
  ['causal', 'sequential', ['stops', 'goes on', 'goes on', 'goes on']],
  ['eventual', 'eventual', ['goes on', 'goes on', 'goes on']],
] as const)('replicas that have to be %s keep what they promise', (asked, promised, promises) => {
  const rehearsal = possible(
    adviceOn({
      problem_type: 'replication',
      cluster_config: { nodes: 3 },
      consistency_requirement: asked,
    }),
  );
  expect(rehearsal.protocol).toBe('replication');
  expect(rehearsal.steady.consistency).toMatchObject({ promised, held: true });
  expect(rehearsal.failures.map(({ promise }) => promise)).toEqual(promises);
  expect(verdictOf(rehearsal)).toBe('passed');
});

test('nodes that may lie agree although the primary is silent or lies, or backups lie', () => {
  const rehearsal = possible(
    adviceOn({
      problem_type: 'consensus',
      cluster_config: { nodes: 4 },
      network_assumptions: { byzantine: true },
    }),
  );
  expect(rehearsal.protocol).toBe('pbft');
  expect(verdictOf(rehearsal)).toBe('passed');
});

test('a promise that is not kept is an error', () => {
  const advice = adviceOn({ problem_type: 'consensus', cluster_config: { nodes: 3 } });
  const faults = [{ crash: '{majority}' }];
  const failures = advice.failures.map((failure) =>
    failure.trial?.promise === 'goes on'
      ? { ...failure, trial: { ...failure.trial, faults } }
      : failure,
  );
  const rehearsal = possible({ ...advice, failures });
  expect(rehearsal.failures[0]).toMatchObject({ recovered: false, failoverMs: null });
  expect(rehearsal.failures[0]?.problem).toContain('nobody was served in the last third');
  expect(verdictOf(rehearsal)).toBe('failed');
});

test('service where none should be is an error, too', () => {
  const advice = adviceOn({ problem_type: 'consensus', cluster_config: { nodes: 3 } });
  const faults = [{ crash: '{followers}' }];
  const trial = { faults: [{ crash: 'n1' }], promise: 'stops' as const };
  const told = { scenario: 'one of three crashes', behavior: '', recovery: '' };
  const rehearsal = possible({ ...advice, failures: [{ ...told, trial }] });
  expect(rehearsal.failures[0]?.problem).toContain('while nobody should have been able to');
  const kept = possible({
    ...advice,
    failures: [{ ...told, trial: { faults, promise: 'stops' } }],
  });
  expect(kept.failures[0]?.recovered).toBe(true);
});

test('a protocol that the registry does not have is not rehearsed, and that is said', () => {
  const advice = adviceOn({ problem_type: 'transaction' });
  const rehearsal = rehearse(advice, { seed: '1', runs: 1 });
  expect(rehearsal).toMatchObject({ possible: false, protocol: 'saga' });
  expect(verdictOf(rehearsal)).toBe('inconclusive');
});
