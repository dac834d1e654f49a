/** What the command line says to mistakes: in a sentence, on the error stream, with exit code 2. */
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cli, temporaryFolder, tinyScenario } from './harness.ts';

const folder = temporaryFolder();
const file = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

const tiny = file('tiny.yaml', tinyScenario());
mkdirSync(join(folder, 'inside'));
mkdirSync(join(folder, 'full'));
const full = file('full/only.yaml', tinyScenario());
const loop = join(folder, 'loop.yaml');
symlinkSync(loop, loop);
const history = file('history.edn', '{:process 0, :type :invoke, :f :write, :value 1}\n');

const cases: readonly (readonly [string, readonly string[], string])[] = [
  ['nothing at all', [], "missing required argument 'files'"],
  ['a misspelt option', [tiny, '--sed', '1'], 'Did you mean --seed?'],
  ['a misspelt command', ['replya', 'x'], 'did you mean the command replay?'],
  ['a misspelt file', [join(folder, 'tinny.yaml')], `did you mean ${tiny}?`],
  ['a file without its ending', [join(folder, 'tiny')], `did you mean ${tiny}?`],
  ['a folder', [join(folder, 'full')], `is a folder: name a file in it, such as ${full}`],
  ['a folder without scenarios', [join(folder, 'inside')], 'is a folder: name a file in it'],
  ['an empty file', [file('empty.yaml', '')], 'found an empty file'],
  ['a binary file', [file('b.yaml', Uint8Array.of(0, 1, 2))], 'is this a YAML file?'],
  ['a list of the unknown', ['list', 'protocol'], 'Allowed choices are protocols'],
  ['a format that does not exist', ['trace', 'export', 'x', '-f', 'pdf'], 'text, jsonl, mermaid'],
  ['a command of trace that does not exist', ['trace', 'inof'], 'Did you mean info?'],
  ['a scenario where a trace should be', ['replay', tiny], 'to run a scenario: schism'],
  ['a limit that is no number', ['explain', 'x', '-n', 'many'], 'expected a whole number from 1'],
  ['a link to itself', [loop], 'its links lead in a circle'],
  ['a trace inside of a file', [tiny, '-o', join(tiny, 'x')], 'is a file, not a folder'],
  ['a file inside of a file', ['advise', join(tiny, 'x')], 'is a file, not a folder'],
  ['a lesson misspelt', ['view', '--lessons', 'split-brian'], 'did you mean split-brain?'],
  ['a trace beside a lesson', ['view', '--lessons', 'x', 'y'], 'a lesson brings its own trace'],
  ['a page of no lesson', ['view', '--lessons', '--html', 'x'], 'name the lesson to write'],
  ['a port for no server', ['view', 'x', '--html', 'y', '--port', '1'], 'nothing is served'],
  ['a trace from a pipe', ['view', '-'], 'a trace is looked at as often as asked'],
  ['--out without folder for two', ['run', tiny, tiny, '-o', 'x'], 'name a folder, x/'],
];

test.each(cases)('%s is explained', async (_name, args, sentence) => {
  const { code, out, err } = await cli(args);
  expect(err).toContain(sentence);
  expect(out).toBe('');
  expect(code).toBe(2);
});

test.each([
  ['run', [tiny, '--out', join(folder, 'inside', '..', 'tiny.yaml')], tiny],
  ['check', ['check', history, '--page', history], history],
])('%s does not write over what it reads', async (_name, args, path) => {
  const before = readFileSync(path);
  const { code, err } = await cli(args);
  expect(err).toContain('the command reads it; name another file');
  expect(code).toBe(2);
  expect(readFileSync(path).equals(before)).toBe(true);
});

test('an export does not write over its trace', async () => {
  const trace = join(folder, 'kept.msgpack');
  await cli([tiny, '-q', '--out', trace]);
  const before = readFileSync(trace);
  const { code, err } = await cli(['trace', 'export', trace, '-o', trace]);
  expect(err).toContain('the command reads it');
  expect(code).toBe(2);
  expect(readFileSync(trace).equals(before)).toBe(true);
});

test('of several files all problems are told, those that cannot be read too', async () => {
  const bad = file('bad.yaml', tinyScenario('wrong: 1'));
  const missing = join(folder, 'nothing-like-it.txt');
  for (const command of ['run', 'validate']) {
    const { code, out, err } = await cli([command, missing, bad]);
    expect(err).toContain(`there is no file ${missing}`);
    expect(err).toContain('unknown key "wrong"');
    expect(out).toBe('');
    expect(code).toBe(2);
  }
  const { out } = await cli(['validate', missing, tiny, '--json']);
  expect(JSON.parse(out)).toMatchObject([
    { file: missing, valid: false, problems: [{ line: 1, column: 1 }] },
    { file: tiny, valid: true, problems: [] },
  ]);
});

test.each([
  [
    ['mutants', '--protocol', 'rafd', '--nodes', 'x,0', '--seeds', '0', '--budget', '1'],
    ['did you mean raft?', 'found "x"', 'found "0"', '--seeds: expected', '--budget: expected'],
  ],
  [
    ['advise', tiny, '--runs', '0', '--seed', '', '--report', 'x.pdf'],
    ['--runs: expected', '--seed: expected', 'ends in .html or .svg'],
  ],
])('of several flags all mistakes are told: %s', async (args, sentences) => {
  const { code, err } = await cli(args);
  for (const sentence of sentences) expect(err).toContain(sentence);
  expect(code).toBe(2);
});

test('who misspells a name is sent to the list that has it', async () => {
  const { err } = await cli(['mutants', '--protocol', 'nonsense']);
  expect(err).toContain('list protocols has them all');
  const { err: strategies } = await cli(['mutants', '--strategy', 'nonsense']);
  expect(strategies).not.toContain('exhaustive');
});

if (!existsSync('/proc/self')) console.log('NOTICE: some tests here need Linux: skipped');

// The file system of the kernel takes no folders, and says so in its own way.
test.runIf(existsSync('/proc/self'))('a folder that nobody can make is given up', async () => {
  for (const args of [
    ['init', '/proc/nowhere'],
    [tiny, '-o', '/proc/nowhere/x'],
  ]) {
    const { code, err } = await cli(args);
    expect(err).toContain('cannot write /proc/nowhere/');
    expect(code).toBe(2);
  }
});

test('help that is asked for goes to the output and ends with 0', async () => {
  for (const args of [['--help'], ['run', '--help'], ['help', 'trace'], ['trace', '--help']]) {
    const { code, out, err } = await cli(args);
    expect(out).toContain('Usage: schism');
    expect(err).toBe('');
    expect(code).toBe(0);
  }
});

test('every command has a sentence in the help', async () => {
  const { out } = await cli(['--help']);
  const lines = out.slice(out.indexOf('Commands:')).split('\n').slice(1);
  const commands = lines.filter((line) => /^ {2}\w/.test(line));
  expect(commands.length).toBeGreaterThan(9);
  for (const line of commands) expect(line).toMatch(/^ {2}\w+.* {2}\w/);
});

test('the version is that of the package and of the trace format', async () => {
  const { out } = await cli(['--version']);
  expect(out).toMatch(/^schism \d+\.\d+\.\d+ \(trace format \d+\)\n$/);
});

test('a fault of ours is said to be ours, with its stack only for --debug', async () => {
  // It breaks when the run is under way.
  const broken = () => {
    let looks = 0;
    const clock = () => {
      if (looks === 2) throw new Error('no clock');
      return 1000 * looks++;
    };
    return { isTty: true, clock };
  };
  const { code, err } = await cli([tiny, '--no-trace', '--seed', '5'], broken());
  expect(err).toContain('internal error: no clock');
  expect(err).toContain('seed 5, event');
  expect(err).not.toContain('    at ');
  expect(code).toBe(70);
  const { err: more } = await cli([tiny, '--no-trace', '--debug'], broken());
  expect(more).toContain('    at ');
});

test.each([
  ['observe', "observe() { throw new Error('no leader here'); }", '', 'observe must not throw'],
  [
    'a monitor',
    '',
    `export const invariants = [{ id: 'own/calm', title: 'nothing happens', source: 'here',
       create: () => ({ fork() { return this; }, afterEvent() { throw new Error('no'); } }) }];`,
    'the invariant own/calm must not throw',
  ],
])("%s of a user's module that throws is the module's fault", async (name, own, more, sentence) => {
  const module = name.replace(' ', '-');
  file(
    `${module}.ts`,
    `import { protocol as lock } from '${process.cwd()}/test/examples/lock.ts';
export const protocol = { ...lock, ${own} };
${more}
`,
  );
  const path = file(
    `${module}.yaml`,
    `name: a module that throws where it must not
protocol: ./${module}.ts
cluster_config: { nodes: 3 }
duration: 1s
`,
  );
  const { code, err } = await cli([path]);
  expect(err).toContain(`./${module}.ts: ${sentence}`);
  expect(err).not.toContain('internal error');
  expect(code).toBe(2);
});
