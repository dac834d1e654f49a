/** What `schism doctor` prints, and how it ends. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { expectGolden } from '../helpers/golden.ts';
import { cli, temporaryFolder, tinyScenario } from './harness.ts';

const folder = temporaryFolder();

test('answers are told with their evidence; 0 says that none is no', async () => {
  const { code, out, err } = await cli(['doctor', 'scenarios/split-brain.yaml']);
  expectGolden('cli/doctor.txt', out.replaceAll(/\d+/g, '#'));
  expect(err).toBe('');
  expect(code).toBe(0);
});

test('--json prints the findings, and 1 says that an answer is no', async () => {
  const file = join(folder, 'tiny.yaml');
  writeFileSync(file, tinyScenario());
  const { code, out } = await cli(['doctor', file, '--json', '--seed', '4']);
  const { scenario, seed, findings } = JSON.parse(out) as {
    scenario: string;
    seed: string;
    findings: { name: string; answer: string; evidence: object[] }[];
  };
  expect([scenario, seed]).toEqual([file, '4']);
  expect(findings.map(({ name, answer }) => `${name} ${answer}`)).toEqual([
    'quorum yes',
    'clocks yes',
    'partition no',
    'fencing yes',
    'idempotency yes',
    'recovery no',
  ]);
  for (const { evidence } of findings) expect(evidence.length).toBeGreaterThan(0);
  expect(code).toBe(1);
});

test('a scenario that cannot be used ends with 2, with all its problems', async () => {
  const file = join(folder, 'wrong.yaml');
  writeFileSync(file, tinyScenario('foo: 1\nbar: 2'));
  const { code, out, err } = await cli(['doctor', file]);
  expect(err).toContain('2 problems');
  expect(out).toBe('');
  expect(code).toBe(2);
});
