/** The real process: what only pipes, signals and exit codes can show. */
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { expectGolden } from '../helpers/golden.ts';
import { cli, temporaryFolder } from './harness.ts';

const folder = temporaryFolder();
const main = ['--import', 'tsx', 'sim/cli/main.ts'];
/** For processes that begin in another folder. */
const tsx = import.meta.resolve('tsx');
const env = { ...process.env, NO_COLOR: undefined, FORCE_COLOR: undefined, CI: '1' };

function schism(...args: string[]) {
  return spawnSync(process.execPath, [...main, ...args], { encoding: 'utf8', env });
}

test('the split brain is told as a story of at most 25 lines', () => {
  const trace = join(folder, 'split-brain.msgpack');
  const { stdout, stderr, status } = schism('scenarios/split-brain.yaml', '--out', trace);
  expect(stderr).toBe('');
  expect(status).toBe(0);
  const [story = ''] = stdout.split('\n\n').slice(1);
  expect(story.split('\n').length).toBeLessThanOrEqual(25);
  expectGolden('cli/split-brain.txt', stdout.replaceAll(trace, 'out/split-brain-42.msgpack'));
});

test('--json leaves nothing but JSON on the output', () => {
  const { stdout, stderr } = schism('scenarios/split-brain.yaml', '--json', '--no-trace');
  expect(stdout.trimEnd().split('\n')).toHaveLength(1);
  expect(JSON.parse(stdout)).toMatchObject({ outcome: 'passed', seed: '42' });
  expect(stderr).toContain('seed 42');
});

test('two processes write the same bytes for one seed', () => {
  const paths = ['a.msgpack', 'b.msgpack'].map((name) => join(folder, name));
  for (const path of paths) schism('scenarios/raft/basic-election.yaml', '-q', '--out', path);
  const [a, b] = paths.map((path) => readFileSync(path));
  expect(a?.equals(b ?? Buffer.alloc(0))).toBe(true);
});

test('a trace is refreshed when messages of its protocol have changed, not otherwise', () => {
  const module = (acquire: string) => {
    const text = readFileSync('test/examples/lock.ts', 'utf8')
      .replaceAll("'../../", `'${process.cwd()}/`)
      .replace("effects.send('n1', { type: 'Acquire' })", `effects.send('n1', ${acquire})`);
    writeFileSync(join(folder, 'lock.ts'), text);
  };
  const scenario = join(folder, 'lock.yaml');
  writeFileSync(
    scenario,
    `name: a lock that is taken back too early
protocol: ./lock.ts
cluster_config: { nodes: 3 }
options: { lease: true }
`,
  );
  const trace = join(folder, 'kept', 'lock-1.msgpack');
  const kept = `${folder}/kept/`;
  module("{ type: 'Acquire' }");
  schism('search', scenario, '--seed', '1', '--runs', '1000', '--out', kept);
  // A trace names its scenario's file without the folder: its module is looked for from here.
  const there = (...args: string[]) =>
    spawnSync(process.execPath, ['--import', tsx, join(process.cwd(), main[2] ?? ''), ...args], {
      encoding: 'utf8',
      env,
      cwd: folder,
    });
  expect(there('trace', 'refresh', trace).stdout).toContain('1 as they were, 0 refreshed, 0 lost');

  module("{ type: 'Acquire', attempt: 1 } as never");
  expect(there('replay', trace).status).toBe(4);
  const { stdout, status } = there('trace', 'refresh', trace);
  expect(stdout).toMatch(
    /lock\/mutual-exclusion, 7 → 7 events\n0 as they were, 1 refreshed, 0 lost/,
  );
  expect(status).toBe(0);
  expect(there('replay', trace).status).toBe(0);

  module("{ type: 'Release', loan: 0 }");
  const lost = there('trace', 'refresh', trace);
  expect(lost.stdout).toContain('its events do not lead to lock/mutual-exclusion any more');
  expect(lost.status).toBe(4);
});

test('a reader that has seen enough ends it quietly', () => {
  const command = `"${process.execPath}" ${main.join(' ')} list --json | head -c 10`;
  const { stdout, stderr } = spawnSync('sh', ['-c', command], { encoding: 'utf8', env });
  expect(stdout).toHaveLength(10);
  expect(stderr).toBe('');
});

test('a folder as standard input is a mistake of the caller', () => {
  const stdin = openSync(folder, 'r');
  const { stderr, status } = spawnSync(process.execPath, [...main, 'validate', '-'], {
    encoding: 'utf8',
    env,
    stdio: [stdin, 'pipe', 'pipe'],
  });
  closeSync(stdin);
  expect(stderr).toBe('the standard input is a folder: name a file in it\n');
  expect(status).toBe(2);
});

if (!existsSync('/dev/full')) console.log('NOTICE: some tests here need Linux: skipped');

test.runIf(existsSync('/dev/full'))('an output that is full is named, without a stack', () => {
  const stdout = openSync('/dev/full', 'w');
  const { stderr, status } = spawnSync(process.execPath, [...main, 'list'], {
    encoding: 'utf8',
    env,
    stdio: ['ignore', stdout, 'pipe'],
  });
  closeSync(stdout);
  expect(stderr).toBe('cannot write the standard output: no space is left on the device\n');
  expect(status).toBe(2);
});

test.runIf(existsSync('/bin/sh'))('a trace that goes into a pipe is explained all the same', () => {
  const pipe = join(folder, 'pipe');
  const figure = 'scenarios/raft/figure-8.yaml';
  const run = `"${process.execPath}" ${main.join(' ')} ${figure} --out "${pipe}"`;
  const command = `mkfifo "${pipe}" && (cat "${pipe}" > /dev/null & ${run})`;
  const { stdout, status } = spawnSync('sh', ['-c', command], { encoding: 'utf8', env });
  expect(stdout).toContain('Facts in conflict');
  expect(status).toBe(0);
});

test('Ctrl-C ends the run, prints what there is and leaves a trace that replays', async () => {
  const scenario = join(folder, 'long.yaml');
  const text = readFileSync('scenarios/split-brain.yaml', 'utf8');
  writeFileSync(scenario, text.replace('duration: 5s', 'duration: 2h'));
  const trace = join(folder, 'long.msgpack');
  const child = spawn(process.execPath, [...main, scenario, '--out', trace], { env });
  let out = '';
  child.stdout.on('data', (part: Buffer) => {
    if (out === '') child.kill('SIGINT');
    out += part.toString();
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect(code).toBe(130);
  expect(out).toMatch(/interrupted: after \d+ events?, at \d+ ms; nothing of this is final/);
  expect(out.trimEnd().split('\n').at(-1)).toMatch(/^seed 42 · /);
  expect((await cli(['replay', trace])).out).toContain('the same run');
});
