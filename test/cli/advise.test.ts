/** What `schism advise` prints, and how it ends. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { expectGolden } from '../helpers/golden.ts';
import { cli, temporaryFolder } from './harness.ts';

const folder = temporaryFolder();

const context = `distributed_context:
  problem_type: consensus
  cluster_config: { nodes: 5, failure_tolerance: 2, regions: [eu, us, asia] }
  consistency_requirement: linearizable
  network_assumptions: { latency_ms: 40, partition_probability: 0.05 }
`;

test('advice is told in words, with its reasons', async () => {
  const { code, out, err } = await cli(['advise', '-'], { input: context });
  expectGolden('cli/advise.txt', out);
  expect(err).toBe('');
  expect(code).toBe(0);
});

test('--json prints the output schema of the specification and one more key', async () => {
  const { out } = await cli(['advise', '-', '--json'], { input: context });
  const found = JSON.parse(out) as Record<string, object>;
  expect(Object.keys(found)).toEqual([
    'protocol',
    'configuration',
    'failure_scenarios',
    'rationale',
  ]);
  expect(found['protocol']).toMatchObject({ name: 'raft' });
  expect(found['configuration']).toEqual({ quorum_size: 3, timeout_ms: 810, heartbeat_ms: 270 });
  const [first] = found['failure_scenarios'] as object[];
  expect(Object.keys(first ?? {})).toEqual(['scenario', 'behavior', 'recovery']);
});

test('a context that cannot be used ends with 2, all its problems with their places', async () => {
  const file = join(folder, 'wrong.yaml');
  const text = `problem_type: consensus
cluster_config: { nodes: 4, failure_tolerance: 2 }
network_assumptions: { byzantine: true, latency_ms: 0 }
`;
  writeFileSync(file, text);
  const told = await cli(['advise', file]);
  expect(told.out).toBe('');
  expect(told.err).toContain(`${file}:2:48 Byzantine tolerance requires 3f+1 nodes`);
  expect(told.err).toContain('2:48 Cannot tolerate f failures with fewer than 2f+1 nodes');
  expect(told.err).toContain('3:53 expected at least 1, found 0');
  expect(told.err).toContain('3 problems');
  expect(told.code).toBe(2);
  const { out, code } = await cli(['advise', file, '--json']);
  expect(JSON.parse(out)).toMatchObject({
    file,
    valid: false,
    problems: [
      { line: 2, column: 48 },
      { line: 2, column: 48 },
      { line: 3, column: 53 },
    ],
  });
  expect(code).toBe(2);
});

test('a file that is not there is named, with the nearest that is', async () => {
  const { code, err } = await cli(['advise', join(folder, 'wrogn.yaml')]);
  expect(err).toContain('there is no file');
  expect(code).toBe(2);
});
