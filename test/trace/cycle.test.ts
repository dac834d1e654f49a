/** Livelocks: the cycle that a violation of bounded liveness is reported with. */
import { expect, test } from 'vitest';
import { readFileSync } from 'node:fs';
import { catalogue } from '../../sim/registry/index.ts';
import { subjectOf } from '../../sim/property/subject.ts';
import { cycleOf } from '../../sim/trace/cycle.ts';
import { readTrace } from '../../sim/trace/read.ts';
import { runScenario } from '../../sim/trace/run-scenario.ts';
import type { Trace } from '../../sim/trace/index.ts';
import { cli } from '../cli/harness.ts';

const file = 'scenarios/raft/split-votes-for-ever.yaml';
const text = readFileSync(file, 'utf8');

function recorded(yaml: string): Trace {
  const split = subjectOf(yaml, file, catalogue);
  const chunks: Uint8Array[] = [];
  const about = { engine: 'test', file, text: yaml, mutants: split.scenario.mutants };
  const sink = (bytes: Uint8Array) => chunks.push(bytes.slice());
  runScenario(split.prepare('1'), { record: { about, sink } });
  return readTrace(Buffer.concat(chunks)).trace as Trace;
}

test('three servers that stand at once again and again are the cycle, once each', () => {
  const cycle = cycleOf(recorded(text));
  const timers = cycle?.events.filter(({ kind }) => kind === 'timer').map(({ stem }) => stem);
  expect(timers?.toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
    'n1 election',
    'n2 election',
    'n3 election',
  ]);
  expect(cycle?.rounds).toBeGreaterThan(10);
  expect(cycle?.lastUs).toBe(150_000);
});

test('nothing goes round where the violation is one of safety, or nothing is violated', () => {
  expect(cycleOf(recorded(readFileSync('scenarios/raft/figure-8.yaml', 'utf8')))).toBeNull();
  const clean = text.replace('mutants: [fixed-timeout]\n', '').replace('violates', 'holds');
  expect(cycleOf(recorded(clean))).toBeNull();
});

test('the failure block shows it', async () => {
  const { code, out } = await cli([file, '--out', '/dev/null']);
  expect(code).toBe(0);
  expect(out).toMatch(
    /Again and again {2}\(\d+ times; the last time took 150 ms\)\n {4}n2 election/,
  );
});
