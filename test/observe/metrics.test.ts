/** The four metrics of the specification: what they count, and that a parser reads them. */
import { readFileSync } from 'node:fs';
import parse from 'parse-prometheus-text-format';
import { describe, expect, test } from 'vitest';
import { Metrics } from '../../sim/observe/index.ts';
import { subject } from '../../sim/property/index.ts';
import { runScenario } from '../../sim/trace/run-scenario.ts';

function metricsOf(text: string, seed: string) {
  const metrics = new Metrics();
  const { world } = runScenario(subject(text).prepare(seed), { observers: [metrics] });
  const exposed = metrics.text();
  const families = new Map(parse(exposed).map((family) => [family.name, family]));
  const value = (name: string, labels: object) => {
    const isMeant = (sample: { labels?: object }) =>
      JSON.stringify(sample.labels) === JSON.stringify(labels);
    return Number(families.get(name)?.metrics.find(isMeant)?.value);
  };
  return { exposed, families, value, world };
}

/** Split brain with the seed that its file says. */
const split = metricsOf(readFileSync('scenarios/split-brain.yaml', 'utf8'), '42');

test('a parser finds the four metrics with their types', () => {
  const types = [...split.families.values()].map(({ name, type }) => [name, type]);
  expect(types).toEqual([
    ['leader_elections_total', 'COUNTER'],
    ['replication_lag_seconds', 'GAUGE'],
    ['consensus_latency_seconds', 'HISTOGRAM'],
    ['partition_events_total', 'COUNTER'],
  ]);
});

describe('leader_elections_total', () => {
  test('counts the two elections of a split brain, and no failed one', () => {
    const results = ['success', 'timeout', 'split_vote'];
    const counts = results.map((result) => split.value('leader_elections_total', { result }));
    expect(counts).toEqual([2, 0, 0]);
  });

  test('tells split votes from candidates that nobody hears', () => {
    const together = metricsOf(readFileSync('scenarios/raft/split-vote.yaml', 'utf8'), '1');
    expect(together.value('leader_elections_total', { result: 'split_vote' })).toBeGreaterThan(0);
    const alone = metricsOf(
      `name: a node alone stands for election again and again
protocol: raft
cluster_config: { nodes: 3 }
duration: 2s
faults: [{ at: 0s, crash: [n2, n3] }]
invariants: [raft/election-safety]
`,
      '1',
    );
    expect(alone.value('leader_elections_total', { result: 'success' })).toBe(0);
    expect(alone.value('leader_elections_total', { result: 'timeout' })).toBeGreaterThan(2);
  });
});

test('partition_events_total counts the cut and its end', () => {
  expect(split.value('partition_events_total', { type: 'detected' })).toBe(1);
  expect(split.value('partition_events_total', { type: 'healed' })).toBe(1);
});

test('replication_lag_seconds has every follower, and only the cut-off one far behind', () => {
  const cut = metricsOf(
    `name: a follower is cut off until the end
protocol: raft
cluster_config: { nodes: 3 }
workload: { clients: 2, operations: register }
duration: 5s
faults: [{ when: leader elected, after: 1s, isolate: [n3] }]
`,
    '3',
  );
  const lags = cut.families
    .get('replication_lag_seconds')
    ?.metrics.map(({ value }) => Number(value));
  expect(lags).toHaveLength(2);
  const [near, far] = (lags ?? []).toSorted((a, b) => a - b) as [number, number];
  expect(near).toBeLessThan(0.2);
  expect(far).toBeGreaterThan(3);
});

test('consensus_latency_seconds has the specified buckets and every confirmed operation', () => {
  const samples = split.exposed.split('\n').filter((line) => line.includes('_bucket{'));
  const bounds = samples.map((line) => /le="([^"]+)"/.exec(line)?.[1]);
  const own = ['0.001', '0.005', '0.01', '0.05', '0.1', '0.5', '+Inf'];
  expect(bounds).toEqual([...own, ...own]);
  const counts = [...split.exposed.matchAll(/_count\{operation_type="(\w+)"\} (\d+)/g)];
  expect(counts.map(([, type]) => type)).toEqual(['get', 'put']);
  // "160 operations confirmed to clients", says the story of this run.
  expect(counts.reduce((sum, [, , count]) => sum + Number(count), 0)).toBe(160);
});
