/** What the advisor accepts, and what it says to what it does not. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadContext } from '../../sim/advisor/index.ts';

/** `line:column message` of everything that is wrong. */
function problems(text: string): string[] {
  const loaded = loadContext(text, 'context.yaml');
  if (loaded.ok) return [];
  return loaded.problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

test('only the kind of problem is required; the defaults are those of the specification', () => {
  expect(loadContext('problem_type: transaction', 'x')).toEqual({
    ok: true,
    context: {
      problem_type: 'transaction',
      consistency_requirement: 'eventual',
      network_assumptions: { byzantine: false },
    },
  });
});

test('a context reads the same with and without its wrapper, as YAML and as JSON', () => {
  const context = {
    problem_type: 'conflict_resolution',
    cluster_config: { nodes: 1000, failure_tolerance: 0, regions: [] },
    consistency_requirement: 'causal',
    network_assumptions: { latency_ms: 1, partition_probability: 1, byzantine: true },
  };
  const bare = loadContext(JSON.stringify(context), 'x');
  expect(bare).toEqual({ ok: true, context });
  expect(loadContext(JSON.stringify({ distributed_context: context }), 'x')).toEqual(bare);
});

test.each(['consensus', 'replication', 'partitioning', 'transaction', 'conflict_resolution'])(
  '%s is a kind of problem',
  (type) => {
    expect(loadContext(`problem_type: ${type}`, 'x').ok).toBe(true);
  },
);

test.each([
  ['nodes: 0', 'expected at least 1, found 0'],
  ['nodes: 1001', 'expected at most 1000, found 1001'],
  ['nodes: 2.5', 'expected a whole number, found 2.5'],
  ['nodes: 3, failure_tolerance: -1', 'expected at least 0, found -1'],
  ['nodes: 3, regions: eu', 'expected a list, found "eu"'],
  ['failure_tolerance: 1', 'missing key "nodes": expected a number'],
])('a cluster with %s is refused', (cluster, message) => {
  expect(problems(`problem_type: consensus\ncluster_config: { ${cluster} }`)).toEqual([
    expect.stringContaining(message),
  ]);
});

test.each([
  ['latency_ms: 0', 'expected at least 1, found 0'],
  ['latency_ms: 10ms', 'found "10ms"; did you mean 10?'],
  ['partition_probability: 1.5', 'expected at most 1, found 1.5'],
  ['byzantine: maybe', 'expected true or false, found "maybe"'],
])('a network with %s is refused', (network, message) => {
  expect(problems(`problem_type: consensus\nnetwork_assumptions: { ${network} }`)).toEqual([
    expect.stringContaining(message),
  ]);
});

test('all problems are told at once, both rules of the specification among them', () => {
  const text = `distributed_context:
  problem_type: consensu
  cluster_config:
    nodes: 4
    failure_tolerance: 2
    region: [eu]
  network_assumptions: { byzantine: true }
colour: red
`;
  expect(problems(text)).toEqual([
    '2:17 expected one of consensus, replication, partitioning, transaction, ' +
      'conflict_resolution, found "consensu"; did you mean consensus?',
    '5:24 Byzantine tolerance requires 3f+1 nodes (byzantine_nodes: nodes is 4, f is 2)',
    '5:24 Cannot tolerate f failures with fewer than 2f+1 nodes ' +
      '(quorum_possible: nodes is 4, f is 2)',
    '6:5 unknown key "region"; did you mean regions?',
    '8:1 unknown key "colour" beside distributed_context: a context belongs inside of it',
  ]);
});

test.each([
  ['', 'found an empty file'],
  ['- consensus', 'found a list'],
  ['distributed_context: 5', 'expected a mapping (key: value), found 5'],
  ['problem_type: consensus\nproblem_type: consensus', 'a key may stand only once'],
  ['problem_type: [', 'not valid YAML'],
])('the text %j is refused with its place', (text, message) => {
  const found = problems(text);
  expect(found.join('\n')).toContain(message);
  for (const problem of found) expect(problem).toMatch(/^\d+:\d+ /);
});

test('whatever the text, reading it throws nothing', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      const loaded = loadContext(text, 'x');
      expect(loaded.ok || loaded.problems.length > 0).toBe(true);
    }),
    { seed: 7, numRuns: 300 },
  );
});
