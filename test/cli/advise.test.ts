/** What `schism advise` prints, and how it ends. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
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

test('a context without its problem_type misses a key', async () => {
  const { code, err } = await cli(['advise', '-'], { input: 'cluster_config: { nodes: 3 }\n' });
  expect(err).toContain('missing key "problem_type": expected one of consensus, replication');
  expect(code).toBe(2);
});

test('a file that is not there is named, with the nearest that is', async () => {
  const { code, err } = await cli(['advise', join(folder, 'wrogn.yaml')]);
  expect(err).toContain('there is no file');
  expect(code).toBe(2);
});

const small = 'problem_type: consensus\ncluster_config: { nodes: 3 }\n';

test('a rehearsal is told behind the advice; 0 says that all promises were kept', async () => {
  const args = ['advise', '-', '--rehearse', '--runs', '1', '--seed', '3'];
  const { code, out } = await cli(args, { input: small });
  const told = out.slice(out.indexOf('Rehearsal'));
  expectGolden('cli/advise-rehearse.txt', told.replaceAll(/\d+(?:\.\d+)?/g, '#'));
  expect(code).toBe(0);
});

test('--rehearse --json adds what was measured', async () => {
  const args = ['advise', '-', '--rehearse', '--runs', '1', '--json'];
  const { out } = await cli(args, { input: small });
  const { rehearsal } = JSON.parse(out) as { rehearsal: object };
  expect(rehearsal).toMatchObject({
    protocol: 'raft',
    outcome: 'passed',
    seed: '1',
    steady: { availability: 1, consistency: { promised: 'linearizable', held: true } },
    failure_scenarios: [
      { scenario: 'the leader crashes', promise: 'goes on', recovered: true },
      { promise: 'goes on', recovered: true },
      { promise: 'stops', recovered: true },
    ],
  });
});

test('a protocol that cannot be rehearsed ends with 3, and says so', async () => {
  const { code, out } = await cli(['advise', '-', '--rehearse'], {
    input: 'problem_type: transaction',
  });
  expect(out).toContain('saga is recommended by its rules, but');
  expect(code).toBe(3);
});

test('runs that are no number are a mistake', async () => {
  const { code, err } = await cli(['advise', '-', '--runs', 'many'], { input: small });
  expect(err).toContain('--runs: expected a whole number from 1');
  expect(code).toBe(2);
});

test('--report writes a page, and pictures, that need nothing from elsewhere', async () => {
  const page = join(folder, 'advice.html');
  const picture = join(folder, 'advice.svg');
  const args = ['advise', '-', '--rehearse', '--runs', '1', '--report'];
  const input = small.replace('nodes: 3', "nodes: 3, regions: ['<eu>', us]");
  await cli([...args, page], { input });
  await cli([...args, picture], { input });
  const html = readFileSync(page, 'utf8');
  const svg = readFileSync(picture, 'utf8');
  expect(html).toContain('<h2>Rehearsal: passed</h2>');
  expect(html).toContain('&lt;eu&gt;');
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" width="\d+" height="\d+">/);
  for (const text of [html, svg]) {
    expect(text).not.toMatch(/<script|<link|<img|<eu>|https?:(?!\/\/www\.w3\.org\/2000\/svg)/);
    expect(text).toContain('class="served"');
    expect(text).toContain('class="fault"');
  }
});

test.each([
  ['advice.pdf', ['--rehearse'], 'expected a name that ends in .html or .svg'],
  ['advice.svg', [], 'an .svg shows a rehearsal, add --rehearse'],
])('a report %s with %j is a mistake', async (name, flags, sentence) => {
  const args = ['advise', '-', ...flags, '--report', join(folder, 'none', name)];
  const { code, out, err } = await cli(args, { input: small });
  expect(err).toContain(sentence);
  expect(out).toBe('');
  expect(code).toBe(2);
  expect(existsSync(join(folder, 'none'))).toBe(false);
});
