/** What `schism run` says and how it ends, in this process. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cli, temporaryFolder, tinyScenario } from './harness.ts';

const folder = temporaryFolder();

/** Writes a scenario; returns its path. */
function scenario(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const tiny = scenario('tiny.yaml', tinyScenario('seed: 1'));
const figure8 = 'scenarios/raft/figure-8.yaml';

describe('exit codes', () => {
  test('a run in which everything holds ends with 0', async () => {
    const { code, out } = await cli([tiny, '--no-trace']);
    expect(out).toMatch(/passed: all \d+ invariants hold/);
    expect(code).toBe(0);
  });

  test('an expected violation ends with 0 and is called expected', async () => {
    const { code, out } = await cli([figure8, '--no-trace']);
    expect(out).toContain('passed: raft/leader-completeness is violated, as the scenario expects');
    expect(code).toBe(0);
  });

  test('an unexpected violation ends with 1, and shows facts and causes', async () => {
    const text = readFileSync(figure8, 'utf8').replace(/^expect:.*$(\n {2}.*)*/m, 'expect: holds');
    const { code, out } = await cli([scenario('bad.yaml', text), '--no-trace']);
    expect(code).toBe(1);
    expect(out).toContain('failed: raft/leader-completeness is violated');
    expect(out).toMatch(/Facts in conflict\n {4}1 {2}n1 had index 2 .*\n {4}2 {2}n5 became leader/);
    expect(out).toMatch(/Why {2}\(\d+ of \d+ events happened before it, \d+ led to it directly\)/);
    expect(out).toMatch(/← fact 1/);
  });

  test('a violation that is expected and does not occur ends with 1', async () => {
    const { code, out } = await cli([
      scenario('x.yaml', tinyScenario('expect: violates')),
      '-q',
      '--no-trace',
    ]);
    expect(code).toBe(1);
    expect(out).toContain('the scenario expects an invariant to be violated, and it is not');
  });

  test('a run out of events before its goal could be tested ends with 3', async () => {
    const file = scenario('short.yaml', tinyScenario('seed: 1\nmax_events: 5'));
    const { code, out } = await cli([file, '--no-trace']);
    expect(code).toBe(3);
    expect(out).toContain('inconclusive: after 5 events (max_events)');
    expect(out).toContain('untested  raft/liveness');
  });

  test('a schedule that cannot be performed ends with 2 and names the step', async () => {
    const file = scenario('script.yaml', tinyScenario('schedule: [n1 election, n9<-n1 Vote]'));
    const wrong = await cli([file, '--no-trace']);
    expect(wrong.code).toBe(2);
    const late = scenario('late.yaml', tinyScenario('schedule: [n2<-n1 RequestVote]'));
    const { code, err } = await cli([late, '--no-trace']);
    expect(code).toBe(2);
    expect(err).toContain('step 1 of the schedule ("n2<-n1 RequestVote") cannot be performed');
  });

  test('an interrupted run prints what it has and ends with 130', async () => {
    const trace = join(folder, 'interrupted.msgpack');
    const { code, out } = await cli([tiny, '--out', trace], { interrupt: true });
    expect(code).toBe(130);
    expect(out).toContain('interrupted: after');
    const replay = await cli(['replay', trace]);
    expect(replay.out).toContain('the same run');
  });

  test('of several scenarios the gravest outcome decides, and a summary counts them', async () => {
    const short = scenario('short.yaml', tinyScenario('seed: 1\nmax_events: 5'));
    const { code, out } = await cli(['run', tiny, short, '-q', '--no-trace']);
    expect(code).toBe(3);
    expect(out).toContain('2 scenarios: 1 passed, 1 inconclusive');
  });
});

describe('the seed', () => {
  test('is printed first and last', async () => {
    const { out } = await cli([tiny, '--no-trace', '--seed', 'owl']);
    const lines = out.trimEnd().split('\n');
    expect(lines[0]).toMatch(/seed owl$/);
    expect(lines.at(-1)).toMatch(/^seed owl · /);
  });

  test('may be written in decimal or in hexadecimal', async () => {
    const decimal = await cli([tiny, '-q', '--no-trace', '--seed', '42']);
    const hexadecimal = await cli([tiny, '-q', '--no-trace', '--seed', '0x2A']);
    expect(hexadecimal.out).toBe(decimal.out);
    expect(decimal.out).toContain('seed 42');
  });

  test('comes from the flag, the scenario, SCHISM_SEED, or chance, in this order', async () => {
    const free = scenario('free.yaml', tinyScenario());
    const env = { SCHISM_SEED: '7' };
    const seedOf = async (args: string[], given = {}) =>
      /seed (\S+)/.exec((await cli([...args, '-q', '--no-trace'], { env: given })).out)?.[1];
    expect(await seedOf([tiny, '--seed', '9'], env)).toBe('9');
    expect(await seedOf([tiny], env)).toBe('1');
    expect(await seedOf([free], env)).toBe('7');
    expect(await seedOf([free])).toMatch(/^\d+$/);
  });

  test('that is empty or endless is refused', async () => {
    for (const seed of ['', 'x'.repeat(101)]) {
      const { code, err } = await cli([tiny, '--no-trace', '--seed', seed]);
      expect(code).toBe(2);
      expect(err).toContain('--seed: expected a number (42, 0x2a) or a word');
    }
  });
});

describe('--json', () => {
  test('prints one object for one scenario, with a verdict for each invariant', async () => {
    const { out } = await cli([figure8, '--json', '--no-trace']);
    const result = JSON.parse(out) as Record<string, unknown>;
    expect(result).toMatchObject({ outcome: 'passed', seed: '1', trace: null });
    expect(result['invariants']).toContainEqual({
      id: 'raft/leader-completeness',
      outcome: 'violated',
    });
    expect(result['hash']).toMatch(/^[0-9a-f]{16}$/);
  });

  test('prints a list for several, in their order', async () => {
    const { out } = await cli(['run', tiny, figure8, '--json', '--no-trace']);
    const results = JSON.parse(out) as { scenario: string }[];
    expect(results.map((result) => result.scenario)).toEqual([tiny, figure8]);
  });

  test('keeps the hash whether or not a trace is written', async () => {
    const path = join(folder, 'hash.msgpack');
    const [recorded, bare] = await Promise.all([
      cli([tiny, '--json', '--out', path]),
      cli([tiny, '--json', '--no-trace']),
    ]);
    const hash = (text: string) => (JSON.parse(text) as { hash: string }).hash;
    expect(hash(recorded.out)).toBe(hash(bare.out));
  });
});

describe('the trace', () => {
  test('goes into the folder that is named, under the scenario and the seed', async () => {
    const { out } = await cli([tiny, '--seed', 'a/b', '--out', `${folder}/made/`]);
    const path = join(folder, 'made', 'tiny-a-b.msgpack');
    expect(existsSync(path)).toBe(true);
    expect(out).toContain(`Replay   schism replay ${path}`);
  });

  test('that cannot be written is refused before anything runs', async () => {
    writeFileSync(join(folder, 'file'), '');
    const { code, out, err } = await cli([tiny, '--out', join(folder, 'file', 'x.msgpack')]);
    expect(code).toBe(2);
    expect(err).toContain('a part of the path is a file, not a folder');
    expect(out).toBe('');
  });

  test('is not begun when one of the scenarios is wrong', async () => {
    const wrong = scenario('wrong.yaml', tinyScenario('protokol: raft'));
    const made = join(folder, 'not-made');
    const { code, err } = await cli(['run', tiny, wrong, '--out', `${made}/`]);
    expect(code).toBe(2);
    expect(err).toContain('unknown key "protokol"; did you mean protocol?');
    expect(existsSync(made)).toBe(false);
  });

  test('of two scenarios with one name have the names of their folders', async () => {
    mkdirSync(join(folder, 'a'));
    mkdirSync(join(folder, 'b'));
    const files = ['a', 'b'].map((name) => scenario(`${name}/same.yaml`, tinyScenario('seed: 1')));
    await cli(['run', ...files, '-q', '--out', `${folder}/`]);
    expect(existsSync(join(folder, 'a-same-1.msgpack'))).toBe(true);
    expect(existsSync(join(folder, 'b-same-1.msgpack'))).toBe(true);
  });

  test('of scenarios whose folders have one name too do not replace one another', async () => {
    const files = ['a', 'b'].map((name) => {
      mkdirSync(join(folder, name, 'deep'), { recursive: true });
      return scenario(`${name}/deep/same.yaml`, tinyScenario('seed: 1'));
    });
    await cli(['run', ...files, '-q', '--out', `${folder}/`]);
    for (const name of ['deep-same-1', 'deep-same-1-2']) {
      const replay = await cli(['replay', join(folder, `${name}.msgpack`)]);
      expect(replay.code).toBe(0);
    }
  });

  test('keep the letters of their scenario, whatever its alphabet', async () => {
    const file = scenario('分裂 мир.yaml', tinyScenario('seed: 1'));
    await cli([file, '-q', '--out', `${folder}/`]);
    expect(existsSync(join(folder, '分裂-мир-1.msgpack'))).toBe(true);
  });
});

describe('what is shown', () => {
  test('-v prints every event in one line, -vv its patches as well', async () => {
    const path = join(folder, 'v.msgpack');
    const plain = await cli([tiny, '--out', path]);
    const events = Number(/· (\d+) events/.exec(plain.out)?.[1]);
    const lines = (text: string) => text.split('\n').length;
    const verbose = await cli([tiny, '--out', path, '-v']);
    expect(lines(verbose.out)).toBe(lines(plain.out) + events + 1);
    const more = await cli([tiny, '--no-trace', '-vv']);
    expect(more.out).toMatch(/n\d replace currentTerm 1/);
  });

  test('colours come with FORCE_COLOR or --color, not with NO_COLOR or in a pipe', async () => {
    const run = [tiny, '-q', '--no-trace'];
    const isColored = async (args: string[], world = {}) =>
      (await cli([...run, ...args], world)).out.includes('\u001b[');
    expect(await isColored([])).toBe(false);
    expect(await isColored([], { isTty: true })).toBe(true);
    expect(await isColored([], { isTty: true, env: { NO_COLOR: '1' } })).toBe(false);
    expect(await isColored([], { env: { FORCE_COLOR: '1' } })).toBe(true);
    expect(await isColored(['--no-color'], { env: { FORCE_COLOR: '1' } })).toBe(false);
    expect(await isColored(['--color'], { env: { NO_COLOR: '1' } })).toBe(true);
  });

  test('a scenario may come from the standard input', async () => {
    const { code, out } = await cli(['-', '-q', '--no-trace'], { input: tinyScenario('seed: 1') });
    expect(code).toBe(0);
    expect(out).toContain('seed 1');
  });
});

describe('logs and metrics', () => {
  test('go where the flags say, a file each', async () => {
    const [log, metrics] = [join(folder, 'tiny.jsonl'), join(folder, 'tiny.prom')];
    const { code } = await cli([tiny, '--no-trace', '-q', '--log', log, '--metrics', metrics]);
    expect(code).toBe(0);
    const lines = readFileSync(log, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { event: string }).event)).toContain(
      'leader_elected',
    );
    expect(readFileSync(metrics, 'utf8')).toContain('leader_elections_total{result="success"} 1');
  });

  test('of several scenarios go into a folder, under the name of each', async () => {
    const out = join(folder, 'logs');
    const refused = await cli([tiny, tiny, '--no-trace', '-q', '--log', out]);
    expect(refused.code).toBe(2);
    expect(refused.err).toContain(`--log ${out}: for several scenarios name a folder, ${out}/`);
    await cli([tiny, tiny, '--no-trace', '-q', '--seed', '3', '--log', `${out}/`]);
    expect(readdirSync(out)).toHaveLength(2);
    expect(readdirSync(out).every((name) => /tiny-3(-2)?\.jsonl$/.test(name))).toBe(true);
  });
});
