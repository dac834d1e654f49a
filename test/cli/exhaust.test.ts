/** `schism search --strategy exhaustive`: what it explores, finds, keeps, says, and how it ends. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cli, temporaryFolder } from './harness.ts';

const folder = temporaryFolder();

function scenario(name: string, more: string): string {
  const path = join(folder, name);
  writeFileSync(
    path,
    `name: a small world to be explored whole
protocol: raft
options: { max_entries: 1 }
cluster_config: { nodes: 3 }
disk: { sync_ms: 0 }
seed: 1
${more}`,
  );
  return path;
}

const clean = scenario('clean.yaml', '');
const broken = scenario('broken.yaml', 'mutants: [vote-not-persisted]');
const wanted = scenario(
  'wanted.yaml',
  'mutants: [vote-not-persisted]\nexpect: { raft/election-safety: violates }',
);

function exhaust(file: string, bounds: string, ...more: readonly string[]) {
  return cli(['search', file, '--strategy', 'exhaustive', '--bounds', bounds, ...more]);
}

interface Result {
  readonly outcome: string;
  readonly distinct: number;
  readonly falseClaim: string | null;
  readonly found: { readonly actions: number; readonly trace: string | null } | null;
}

async function json(file: string, bounds: string): Promise<Result> {
  const { out } = await exhaust(file, bounds, '--json', '--out', `${folder}/json/`);
  return JSON.parse(out) as Result;
}

describe('exit codes', () => {
  test('0 when all was explored and nothing is violated, which is called no proof', async () => {
    const { code, out } = await exhaust(clean, 'requests=0');
    expect(code).toBe(0);
    expect(out).toContain('no violation within these bounds');
    expect(out).toMatch(/2,746 distinct states of [\d,]+ generated, depth 20, completely/);
    expect(out).toContain('Not asked raft/liveness');
    expect(out).not.toMatch(/correct|proved/);
  });

  test('1 with a shortest path, which replays as a scenario of its own', async () => {
    const out = `${folder}/one/`;
    const found = await exhaust(broken, 'requests=0,crashes=1', '--out', out);
    expect(found.code).toBe(1);
    expect(found.out).toContain('A shortest path: 8 actions');
    const replayed = await cli(['replay', `${out}broken-1.msgpack`]);
    expect(replayed.out).toContain('raft/election-safety');
    const run = await cli(['run', `${out}broken-1.yaml`]);
    expect(run.code).toBe(0);
  });

  test('0 when the scenario expects the violation', async () => {
    const { code } = await exhaust(wanted, 'requests=0,crashes=1', '--out', `${folder}/two/`);
    expect(code).toBe(0);
  });

  test('3 when the violation that is expected needs more than the bounds', async () => {
    const { code, out } = await exhaust(wanted, 'requests=0,crashes=0');
    expect(code).toBe(3);
    expect(out).toContain('inconclusive: no violation within these bounds');
  });

  test('3 when there are more states than are wanted', async () => {
    const { code, out } = await exhaust(clean, 'states=500');
    expect(code).toBe(3);
    expect(out).toContain('500 distinct states');
    expect(out).toContain('not everything within the bounds was explored');
  });

  test('130 when interrupted, with what was explored', async () => {
    const args = ['search', clean, '--strategy', 'exhaustive'];
    const { code, out } = await cli(args, { interrupt: true });
    expect(code).toBe(130);
    expect(out).toContain('interrupted: no violation so far');
  });
});

test('a claim of inertness that is false for a mutant is noticed, and given up', async () => {
  const stale = scenario('stale.yaml', 'mutants: [stale-vote-reply]');
  const two = await json(stale, 'requests=0');
  expect(two.falseClaim).toMatch(/RequestVoteReply .* still does something/);
  expect(two.outcome).toBe('none');
  const three = await json(stale, 'requests=0,election=3');
  expect(three.found?.actions).toBe(7);
});

test('equal bounds explore equally many states', async () => {
  const [one, other] = [await json(clean, 'requests=0'), await json(clean, 'requests=0')];
  expect(one).toEqual(other);
});

test('3 where nothing can happen: PBFT takes no request without a signature', async () => {
  const { code, out } = await exhaust(
    'scenarios/byzantine/equivocating-primary.yaml',
    'requests=1',
  );
  expect(out).toContain('inconclusive: nothing can happen within these bounds');
  expect(out).toContain("the scenario's own faults (and whoever lies in them)");
  expect(code).toBe(3);
});

test('all mistakes are reported at once, with what was meant', async () => {
  const scripted = scenario('scripted.yaml', 'schedule: [fire n1 election]');
  const flags = ['--runs', '3', '--jobs', '2'];
  const { code, err } = await exhaust(scripted, 'requsts=1,crashes=1=2,states=0', ...flags);
  expect(code).toBe(2);
  expect(err).toContain('--runs: an exhaustive search has no such thing');
  expect(err).toContain('--jobs: an exhaustive search has no such thing');
  expect(err).toContain('no bound "requsts"; did you mean requests?');
  expect(err).toContain('--bounds crashes: expected a whole number from 0 to 100, found "1=2"');
  expect(err).toContain('--bounds states: expected a whole number from 1 ');
  expect(err).toContain('leave `schedule` out');
});

test('--bounds means nothing to a search by chance, nor exhaustive to mutants', async () => {
  const search = await cli(['search', clean, '--bounds', 'epochs=2']);
  expect([search.code, search.err]).toEqual([2, expect.stringContaining('--strategy exhaustive')]);
  const mutants = await cli(['mutants', '--strategy', 'exhaustive']);
  expect(mutants.code).toBe(2);
  expect(mutants.err).toContain('exhaustive is for schism search only');
});
