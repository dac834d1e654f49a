/** `schism search`: what it finds, keeps, says, and how it ends. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Ledger } from '../../sim/cli/search-ledger.ts';
import { progressText } from '../../sim/cli/search-progress.ts';
import { cli, temporaryFolder } from './harness.ts';

const folder = temporaryFolder();

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** Raft with a mutant or without; small, so that a search is short. */
function scenario(name: string, more: string): string {
  const text = `name: a search in a small world
protocol: raft
options: { max_entries: 1 }
cluster_config: { nodes: 3 }
disk: { sync_ms: 0 }
seed: 1
${more}`;
  return file(name, text);
}

const clean = scenario('clean.yaml', '');
const broken = scenario('broken.yaml', 'mutants: [vote-skip-log-check]');
const known = scenario(
  'known.yaml',
  'mutants: [vote-skip-log-check]\nexpect: { raft/leader-completeness: violates }',
);

interface Result {
  readonly runs: number;
  readonly fastCheck: { readonly seed: number; readonly path: string | null };
  readonly found: { readonly shrunkEvents: number; readonly run: number } | null;
}

describe('exit codes', () => {
  test('0 when nothing is violated, which is called no proof', async () => {
    const { code, out } = await cli(['search', clean, '--runs', '300']);
    expect(code).toBe(0);
    expect(out).toContain('no violation within these bounds');
    expect(out).not.toMatch(/correct|proved/);
    expect(out).toContain('300 runs');
    expect(out).toMatch(/Bounds {4}100 events a run; 3 crashes/);
  });

  test('1 when something is violated that should hold', async () => {
    const { code, out } = await cli(['search', broken, '--out', `${folder}/one/`]);
    expect(code).toBe(1);
    expect(out).toContain('failed: raft/leader-completeness is violated');
  });

  test('0 when the scenario expects the violation', async () => {
    const { code, out } = await cli(['search', known, '--out', `${folder}/known/`]);
    expect(code).toBe(0);
    expect(out).toContain('raft/leader-completeness is violated, as the scenario expects');
  });

  test('3 when the budget ends before an expected violation is found', async () => {
    const missing = scenario('missing.yaml', 'expect: violates');
    const { code, out } = await cli(['search', missing, '--runs', '50']);
    expect(code).toBe(3);
    expect(out).toContain('no violation within these bounds, and the scenario expects one');
  });

  test('130 when it is interrupted, with what there is', async () => {
    const { code, out } = await cli(['search', clean, '--until-fail'], { interrupt: true });
    expect(code).toBe(130);
    expect(out).toContain('interrupted: no violation within these bounds');
    expect(out).toMatch(/Explored {2}1024 runs/);
  });
});

describe('what is found', () => {
  test('is shrunk, and kept as a trace that replays and a scenario that does it', async () => {
    const out = `${folder}/kept/`;
    const found = await cli(['search', broken, '--out', out, '--coverage']);
    const [, before, after] = /Shrunk (\d+) → (\d+) events/.exec(found.out) ?? [];
    expect(Number(after)).toBeLessThan(Number(before));
    expect(found.out).toMatch(/random-walk +\d+ runs? of \d+ events on average/);
    const trace = join(folder, 'kept', 'broken-1.msgpack');
    expect(found.out).toContain(`Replay    schism replay ${trace}`);
    const replay = await cli(['replay', trace]);
    expect(replay.code).toBe(0);
    expect(replay.out).toContain(`· ${after} events`);
    const run = await cli([join(folder, 'kept', 'broken-1.yaml'), '-q', '--no-trace']);
    expect(run.code).toBe(0);
    expect(run.out).toContain('leader-completeness is violated, as the scenario expects');
  });

  test('is the same for any number of jobs', async () => {
    const rare = scenario('rare.yaml', 'mutants: [vote-not-persisted]');
    const search = async (jobs: string) => {
      const args = ['search', rare, '--json', '--jobs', jobs, '--out', `${folder}/jobs/`];
      return JSON.parse((await cli(args)).out) as Result;
    };
    const one = await search('1');
    expect(await search('3')).toEqual(one);
    expect(one.found?.run).toBe(one.runs - 1);
    // The block in which it lies is the run of fast-check that failed.
    expect(one.fastCheck).toEqual({ seed: 1, path: String(Math.floor((one.runs - 1) / 1024)) });
  });

  test('gets shorter or stays as it is when several are shrunk', async () => {
    const search = async (polish: string) => {
      const args = ['search', broken, '--json', '--polish', polish, '--out', `${folder}/polish/`];
      return (JSON.parse((await cli(args)).out) as Result).found?.shrunkEvents ?? Infinity;
    };
    expect(await search('4')).toBeLessThanOrEqual(await search('1'));
  });

  test('begins behind the schedule of the scenario', async () => {
    const schedule = 'schedule: [fire n2 election, deliver n1<-n2 RequestVote]';
    const text = scenario('scripted.yaml', `mutants: [quorum-half]\n${schedule}`);
    const { out } = await cli(['search', text, '--json', '--out', `${folder}/scripted/`]);
    expect((JSON.parse(out) as Result).found?.shrunkEvents).toBeLessThanOrEqual(5);
    const kept = readFileSync(join(folder, 'scripted', 'scripted-1.yaml'), 'utf8');
    expect(kept).toContain('after_schedule: stop');
  });
});

describe('mistakes', () => {
  test('in the budget and the strategy are told all at once', async () => {
    const args = ['--runs', '0', '--jobs', 'two', '--polish', '-1', '--strategy', 'randomwalk'];
    const { code, err, out } = await cli(['search', broken, ...args]);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toContain('--runs: expected a whole number from 1 to 1,000,000,000,000, found "0"');
    expect(err).toContain('--jobs: expected a whole number from 1 to 256, found "two"');
    expect(err).toContain('--polish: expected a whole number');
    expect(err).toContain('no strategy "randomwalk"; did you mean random-walk?');
  });

  test.each([
    [['--time', '60'], 'did you mean 60ms?'],
    [['--time', '0s'], '--time: expected some time'],
    [['--until-fail', '--runs', '5'], '--until-fail knows no limit'],
    [['--seed', ''], '--seed: expected a number'],
  ])('such as %j are answered in a sentence', async (args, words) => {
    const { code, err } = await cli(['search', clean, ...args]);
    expect(code).toBe(2);
    expect(err).toContain(words);
  });

  test('a scenario in which nothing is left to chance cannot be searched', async () => {
    const stops = scenario('stops.yaml', 'schedule: [fire n1 election]\nafter_schedule: stop');
    const { code, err } = await cli(['search', stops]);
    expect(code).toBe(2);
    expect(err).toContain('there is nothing to search');
  });

  test('a scenario without invariants is refused', async () => {
    const protocol = `export { protocol } from '${process.cwd()}/test/examples/lock.ts';\n`;
    file('silent.ts', protocol);
    const silent = file(
      'silent.yaml',
      'name: nothing to check here\nprotocol: ./silent.ts\ncluster_config: { nodes: 3 }\n',
    );
    const { code, err } = await cli(['search', silent]);
    expect(code).toBe(2);
    expect(err).toContain('nothing is to be checked: ./silent.ts has no invariants');
  });

  test('in the scenario itself are reported as always', async () => {
    const { code, err } = await cli(['search', scenario('wrong.yaml', 'mutants: [quorum-hal]')]);
    expect(code).toBe(2);
    expect(err).toContain('did you mean quorum-half?');
  });
});

test('a worker that dies is reported with its seed and replaced, and nothing is lost', async () => {
  // The first worker that loads it leaves a note and ends; so does not who finds the note.
  file(
    'mortal.ts',
    `import { existsSync, writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import { protocol as lock } from '${process.cwd()}/test/examples/lock.ts';
export { defaultOptions, invariants } from '${process.cwd()}/test/examples/lock.ts';
const note = ${JSON.stringify(join(folder, 'died'))};
export const protocol = {
  ...lock,
  start(durable, options, effects) {
    if (!isMainThread && !existsSync(note)) {
      writeFileSync(note, '');
      process.exit(9);
    }
    return lock.start(durable, options, effects);
  },
};
`,
  );
  const mortal = file(
    'mortal.yaml',
    `name: a protocol that ends its process once
protocol: ./mortal.ts
cluster_config: { nodes: 3 }
options: { lease: true }
seed: 5
`,
  );
  const out = `${folder}/mortal/`;
  const result = await cli(['search', mortal, '--jobs', '2', '--json', '--out', out]);
  expect(existsSync(join(folder, 'died'))).toBe(true);
  expect(result.err).toMatch(/a worker died over runs \d+ to \d+ of seed 5: .*code 9/);
  expect(result.err).toContain('another one tries them again');
  expect(result.code).toBe(1);
  const again = await cli(['search', mortal, '--json', '--out', out]);
  expect(JSON.parse(again.out)).toEqual(JSON.parse(result.out));
});

test('the line of progress says how fast it is and how much is left', () => {
  const ledger = new Ledger();
  ledger.runs = 5000;
  ledger.events = 500_000;
  expect(progressText({ runs: 20_000, timeMs: Infinity }, ledger, 1000)).toBe(
    '5,000 of 20,000 runs  5,000 runs/s  0.50 M events/s  0 states  no violation  3 s left',
  );
  expect(progressText({ runs: Infinity, timeMs: 60_000 }, ledger, 1000)).toContain('59 s left');
});
