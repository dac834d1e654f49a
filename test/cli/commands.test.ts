/** The commands beside `run`, in this process. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { cli, temporaryFolder, tinyScenario } from './harness.ts';

const folder = temporaryFolder();
const path = (name: string) => join(folder, name);
const trace = path('tiny.msgpack');

beforeAll(async () => {
  writeFileSync(path('tiny.yaml'), tinyScenario('seed: 1'));
  await cli([path('tiny.yaml'), '--out', trace]);
  await cli([path('tiny.yaml'), '--seed', '2', '--out', path('other.msgpack')]);
  await cli(['scenarios/raft/figure-8.yaml', '--out', path('figure-8.msgpack')]);
  const bytes = readFileSync(trace);
  writeFileSync(path('cut.msgpack'), bytes.subarray(0, bytes.length - 300));
});

describe('replay', () => {
  test('finds the same run', async () => {
    const { code, out } = await cli(['replay', trace]);
    expect(out).toContain('the same run: times, messages, faults and states');
    expect(out).toMatch(/seed 1 · \d+ events · hash [0-9a-f]{16}\n$/);
    expect(code).toBe(0);
  });

  test('uses what is left of a truncated trace, says where it broke, and ends with 2', async () => {
    const { code, out, err } = await cli(['replay', path('cut.msgpack')]);
    expect(err).toMatch(/truncated at byte \d+: .*events can be used/);
    expect(out).toContain('the part that is left is the same run');
    expect(code).toBe(2);
  });

  test('names the first event that another version does in another way', async () => {
    // The same scenario without its mutant: honest bytes, another protocol.
    const text = readFileSync('scenarios/raft/figure-8.yaml', 'utf8');
    const { readTrace, writeTrace, textHash } = await import('../../sim/trace/index.ts');
    const read = readTrace(readFileSync(path('figure-8.msgpack'))).trace;
    if (read === null) throw new Error('the trace was just written');
    const clean = text.replace('[commit-old-term]', '[]');
    const scenario = { ...read.header.scenario, text: clean, hash: textHash(clean) };
    const bytes = writeTrace({ ...read, header: { ...read.header, scenario } });
    writeFileSync(path('tampered.msgpack'), bytes);
    const { code, out } = await cli(['replay', path('tampered.msgpack')]);
    expect(out).toMatch(/diverged.* at event \d+: /);
    expect(code).toBe(4);
    const json = await cli(['replay', path('tampered.msgpack'), '--json']);
    expect(JSON.parse(json.out)).toMatchObject({ outcome: 'diverged' });
  });

  test('leniently, tells whether the violation is still there', async () => {
    const same = await cli(['replay', path('figure-8.msgpack'), '--lenient']);
    expect(same.out).toContain('raft/leader-completeness violated');
    expect(same.code).toBe(1);
    const healthy = await cli(['replay', trace, '--lenient', '--json']);
    expect(JSON.parse(healthy.out)).toMatchObject({
      outcome: 'followed',
      followed: { skipped: 0 },
    });
    expect(healthy.code).toBe(0);
  });
});

describe('trace', () => {
  test('info says where a trace comes from and how it ended', async () => {
    const { code, out } = await cli(['trace', 'info', trace]);
    expect(out).toMatch(/scenario +tiny\.yaml/);
    expect(out).toMatch(/ended +when its time was up at 5000/);
    expect(code).toBe(0);
  });

  test('info of a truncated trace ends with 2', async () => {
    expect((await cli(['trace', 'info', path('cut.msgpack')])).code).toBe(2);
  });

  test('diff ends with 0 for the same and with 1 for another run', async () => {
    expect((await cli(['trace', 'diff', trace, trace])).code).toBe(0);
    const other = await cli(['trace', 'diff', trace, path('other.msgpack')]);
    expect(other.out).toContain('seed: "1" | "2"');
    expect(other.code).toBe(1);
  });

  test('export writes text, JSON lines and Mermaid', async () => {
    const text = await cli(['trace', 'export', trace]);
    expect(text.out).toMatch(/^ +0 +\d+\.\d{3}ms {2}/);
    const lines = (await cli(['trace', 'export', trace, '-f', 'jsonl'])).out.trimEnd().split('\n');
    expect(Object.keys(JSON.parse(lines[0] as string) as object)).toEqual(['header']);
    await cli(['trace', 'export', trace, '-f', 'mermaid', '-o', path('new/tiny.mmd')]);
    expect(readFileSync(path('new/tiny.mmd'), 'utf8')).toMatch(/^sequenceDiagram\n/);
  });
});

test('explain shows the chain of a violation, or that there is none', async () => {
  const { out } = await cli(['explain', path('figure-8.msgpack')]);
  expect(out).toContain('Facts in conflict');
  const few = await cli(['explain', path('figure-8.msgpack'), '-n', '3']);
  expect(few.out).toMatch(/… \d+ earlier/);
  expect((await cli(['explain', trace])).out).toContain('no invariant is violated');
  expect((await cli(['explain', trace, '--json'])).out).toBe('null\n');
});

test('validate accepts good scenarios, and tells all that is wrong with others', async () => {
  const good = await cli(['validate', 'scenarios/split-brain.yaml', path('tiny.yaml')]);
  expect(good.code).toBe(0);
  writeFileSync(path('wrong.yaml'), tinyScenario('foo: 1\nbar: 2'));
  const wrong = await cli(['validate', path('tiny.yaml'), path('wrong.yaml')]);
  expect(wrong.code).toBe(2);
  expect(wrong.out).toContain('tiny.yaml');
  expect(wrong.err).toContain('2 problems');
  const json = await cli(['validate', path('wrong.yaml'), '--json']);
  expect(JSON.parse(json.out)).toMatchObject([
    { valid: false, problems: [{ line: 6 }, { line: 7 }] },
  ]);
});

describe('list', () => {
  test('names protocols, scenarios, invariants, faults and mutants', async () => {
    const { out } = await cli(['list']);
    for (const name of [
      'raft ',
      'split-brain',
      'raft/log-matching',
      'flapping',
      'commit-old-term',
    ]) {
      expect(out).toContain(`\n  ${name}`);
    }
  });

  test('gives one list as JSON', async () => {
    const { out } = await cli(['list', 'mutants', '--json']);
    const mutants = JSON.parse(out) as { name: string; violates: string[] }[];
    const found = mutants.find(({ name }) => name === 'commit-old-term');
    expect(found?.violates).toContain('raft/leader-completeness');
  });
});

test('schema prints a JSON Schema that knows the fields of a scenario', async () => {
  const schema = JSON.parse((await cli(['schema'])).out) as { properties: object };
  expect(Object.keys(schema.properties)).toContain('cluster_config');
});

test('init writes files that run, and overwrites none', async () => {
  const where = path('project');
  const first = await cli(['init', where]);
  const scenario = join(where, 'scenarios', 'leader-crash.yaml');
  expect(first.out).toContain(`made  ${scenario}`);
  expect((await cli([scenario, '-q', '--no-trace', '--seed', '1'])).code).toBe(0);
  writeFileSync(scenario, 'mine');
  const second = await cli(['init', where]);
  expect(second.out).toContain(`left as it is  ${scenario}`);
  expect(readFileSync(scenario, 'utf8')).toBe('mine');
  expect(existsSync(join(where, '.github', 'workflows', 'scenarios.yml'))).toBe(true);
});

test.each(['bash', 'zsh', 'fish'])(
  'completion for %s knows commands and options',
  async (shell) => {
    const { out } = await cli(['completion', shell]);
    for (const word of ['replay', 'validate', 'lenient', 'mutants']) expect(out).toContain(word);
  },
);
