/** What is recommended for which situation, and that every recommendation has its reasons. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { advise, contextSchema, outputOf, type AdviceOutput } from '../../sim/advisor/index.ts';

type Asked = Parameters<typeof contextSchema.parse>[0];

function ask(context: Asked): AdviceOutput {
  return outputOf(advise(contextSchema.parse(context)));
}

const levels = ['linearizable', 'sequential', 'causal', 'eventual'] as const;

test.each([
  ['consensus', ['raft', 'raft', 'raft', 'raft']],
  [
    'replication',
    [
      'synchronous-replication',
      'semi-synchronous-replication',
      'semi-synchronous-replication',
      'asynchronous-replication',
    ],
  ],
  [
    'partitioning',
    ['replicated-directory', 'replicated-directory', 'consistent-hashing', 'consistent-hashing'],
  ],
  ['transaction', ['two-phase-commit', 'two-phase-commit', 'snapshot-isolation', 'saga']],
  ['conflict_resolution', ['raft', 'raft', 'version-vectors', 'crdt']],
])('%s: what is recommended depends on the consistency', (problem_type, names) => {
  const found = levels.map(
    (consistency_requirement) => ask({ problem_type, consistency_requirement }).protocol.name,
  );
  expect(found).toEqual(names);
});

test('where partitions are expected, linearizable replicas need only majorities', () => {
  const { protocol, configuration } = ask({
    problem_type: 'replication',
    cluster_config: { nodes: 5 },
    consistency_requirement: 'linearizable',
    network_assumptions: { partition_probability: 0.1 },
  });
  expect(protocol.name).toBe('quorum-register');
  expect(configuration).toEqual({ quorum_size: 3, timeout_ms: 63, heartbeat_ms: 0 });
});

test('of nodes that may lie 2f+1 confirm, and no more than 3f+1 take part', () => {
  const { protocol, configuration, rationale } = ask({
    problem_type: 'transaction',
    cluster_config: { nodes: 9, failure_tolerance: 1 },
    network_assumptions: { byzantine: true },
  });
  expect(protocol.name).toBe('pbft');
  expect(configuration.quorum_size).toBe(3);
  const spare = rationale.find(({ rule }) => rule === 'no-more-than-3f+1');
  expect(spare?.because).toContain('run it on 4 of the 9 nodes, or tolerate 2');
});

test('a cluster without a tolerance has the greatest one that it allows', () => {
  const told = (nodes: number, byzantine: boolean) =>
    advise(
      contextSchema.parse({
        problem_type: 'consensus',
        cluster_config: { nodes },
        network_assumptions: { byzantine },
      }),
    ).situation.failures;
  expect([1, 2, 3, 4, 5].map((nodes) => told(nodes, false))).toEqual([0, 0, 1, 1, 2]);
  expect([3, 4, 6, 7].map((nodes) => told(nodes, true))).toEqual([0, 1, 1, 2]);
});

test.each([
  [{ latency_ms: 10 }, 3, [], 150, 50],
  [{ latency_ms: 100 }, 3, [], 1005, 335],
  [{ latency_ms: 100 }, 3, ['eu', 'us'], 2010, 670],
  [{ latency_ms: 10 }, 100, [], 525, 175],
])('timeouts follow from %j, %i nodes and regions %j', (network, nodes, regions, timeout, beat) => {
  const { configuration } = ask({
    problem_type: 'consensus',
    cluster_config: { nodes, regions },
    network_assumptions: network,
  });
  expect(configuration).toMatchObject({ timeout_ms: timeout, heartbeat_ms: beat });
});

test('the loss of a region that has a majority is told as it is', () => {
  const region = (regions: string[]) =>
    ask({
      problem_type: 'consensus',
      cluster_config: { nodes: 5, regions },
    }).failure_scenarios.find(({ scenario }) => scenario.includes('region'));
  expect(region(['eu'])).toBeUndefined();
  expect(region(['eu', 'us'])?.behavior).toContain('2 nodes, no majority');
  expect(region(['eu', 'us', 'asia'])?.behavior).toContain('3 nodes, a majority');
});

const contexts = fc.record(
  {
    problem_type: fc.constantFrom(
      'consensus',
      'replication',
      'partitioning',
      'transaction',
      'conflict_resolution',
    ),
    cluster_config: fc.record(
      {
        nodes: fc.integer({ min: 1, max: 1000 }),
        regions: fc.array(fc.constantFrom('eu', 'us', 'asia')),
      },
      { requiredKeys: ['nodes'] },
    ),
    consistency_requirement: fc.constantFrom(...levels),
    network_assumptions: fc.record(
      {
        latency_ms: fc.integer({ min: 1, max: 5000 }),
        partition_probability: fc.double({ min: 0, max: 1, noNaN: true }),
        byzantine: fc.boolean(),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ['problem_type'] },
);

test('every context gets a whole answer: a protocol, a reason for each value, a failure', () => {
  fc.assert(
    fc.property(contexts, (context) => {
      const { protocol, configuration, failure_scenarios: failures, rationale } = ask(context);
      expect(Object.keys(configuration)).toEqual(['quorum_size', 'timeout_ms', 'heartbeat_ms']);
      for (const value of Object.values(configuration)) expect(Number.isInteger(value)).toBe(true);
      const nodes = context.cluster_config?.nodes ?? 1000;
      expect(configuration.quorum_size).toBeGreaterThan(0);
      expect(configuration.quorum_size).toBeLessThanOrEqual(nodes);
      expect(configuration.heartbeat_ms * 2).toBeLessThan(configuration.timeout_ms);
      expect(failures.length).toBeGreaterThan(0);
      const words = [
        ...Object.values(protocol),
        ...failures.flatMap((failure) => Object.values(failure)),
        ...rationale.flatMap((reason) => Object.values(reason)),
      ];
      for (const word of words) expect(word).not.toBe('');
      const decided = rationale.map(({ decides }) => decides);
      for (const what of ['protocol', 'quorum_size', 'timeout_ms', 'heartbeat_ms'] as const) {
        expect(decided).toContain(what);
      }
    }),
    { seed: 11, numRuns: 300 },
  );
});
