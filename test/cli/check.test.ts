/** `schism check`, in this process: verdicts, exit codes, JSON, the page, and mistakes. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cli, temporaryFolder } from './harness.ts';

const folder = temporaryFolder();
const path = (name: string) => join(folder, name);

/** Lines of an etcd log: process, type, operation, argument. */
const log = (...rows: readonly (readonly string[])[]): string =>
  rows.map((row) => `INFO  jepsen.util - ${row.join('\t')}\n`).join('');

const write = [
  ['1', ':invoke', ':write', '1'],
  ['1', ':ok', ':write', '1'],
] as const;
const read = (value: string) => [
  ['2', ':invoke', ':read', 'nil'],
  ['2', ':ok', ':read', value],
];

writeFileSync(path('good.log'), log(...write, ...read('1')));
writeFileSync(path('stale.log'), log(...write, ...read('nil')));
writeFileSync(path('twice.edn'), twice());
writeFileSync(path('bad.log'), log(['1', ':invoke', ':wrte', '1'], ['x']));

/** A list with one element appended twice: nothing can be inferred from it. */
function twice(): string {
  return ['invoke', 'ok', 'invoke', 'ok']
    .map((type) => `{:process 0, :type :${type}, :f :txn, :value [[:append 1 1]]}\n`)
    .join('');
}

test('a valid history ends with 0, an invalid one with 1, an unknown one with 3', async () => {
  const good = await cli(['check', path('good.log')]);
  expect(good.out).toMatch(/^✓ valid .*cas-register linearizable \(2 operations/);
  expect(good.code).toBe(0);
  const stale = await cli(['check', path('stale.log')]);
  expect(stale.out).toContain("1's write 1 completed before 2's read → null was invoked.");
  expect(stale.code).toBe(1);
  const unknown = await cli(['check', path('twice.edn')]);
  expect(unknown.out).toContain('exhausted: unique elements');
  expect(unknown.code).toBe(3);
});

test('of several histories the worst verdict decides; --json prints a line for each', async () => {
  const files = ['good.log', 'stale.log', 'twice.edn'].map(path);
  const { out, err, code } = await cli(['check', ...files, '--json']);
  const objects = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
  expect(objects).toMatchObject([
    { verdict: 'valid', operations: 2, counterexample: null },
    { verdict: 'invalid', operations: 2, counterexample: { minimal: true } },
    { verdict: 'unknown', operations: 2, counterexample: null },
  ]);
  for (const object of objects) {
    expect(object).toHaveProperty('configurations', expect.any(Number));
    expect(object).toHaveProperty('cpuMs', expect.any(Number));
  }
  expect([err, code]).toEqual(['', 1]);
});

test('the counterexample of --json is a history that can be checked again', async () => {
  const { out } = await cli(['check', path('stale.log'), '--json']);
  const { counterexample } = JSON.parse(out) as { counterexample: { operations: object[] } };
  const input = counterexample.operations.map((each) => `${JSON.stringify(each)}\n`).join('');
  const again = await cli(['check', '-'], { input });
  expect(again.out).toContain('✗ invalid');
  const weaker = await cli(['check', '-', '--consistency', 'sequential'], { input });
  expect(weaker.code).toBe(0);
});

test('--initial says what was there before', async () => {
  const input = log(...read('7'));
  expect((await cli(['check', '-'], { input })).code).toBe(1);
  expect((await cli(['check', '-', '--initial', '7'], { input })).code).toBe(0);
});

test('the page needs no other file and shows text as text', async () => {
  const input = [
    { client: '<b>', input: { type: 'write', value: '</div>' }, invokedAt: 1, completedAt: 2 },
    { client: 'c2', input: { type: 'read' }, invokedAt: 3, completedAt: 4 },
  ]
    .map((each) => `${JSON.stringify({ ...each, outcome: 'ok', output: null })}\n`)
    .join('');
  const { code } = await cli(['check', '-', '--page', path('page.html')], { input });
  expect(code).toBe(1);
  const page = readFileSync(path('page.html'), 'utf8');
  expect(page).toContain('&lt;b&gt;');
  expect(page).not.toContain('<b>');
  expect(page).not.toMatch(/https?:|src=|<link|@import|url\(/);
  expect(page.match(/class="conflict"/g)?.length).toBeGreaterThanOrEqual(2);
  expect(page).toContain('prefers-color-scheme:dark');
});

test('all problems of all files are told, and then nothing is checked', async () => {
  const { code, out, err } = await cli(['check', path('good.log'), path('bad.log')]);
  expect([code, out]).toEqual([2, '']);
  expect(err).toContain('bad.log:1: :wrte: expected :read, :write or :cas');
  expect(err).toContain('bad.log:2: expected "jepsen.util - PROCESS');
});

test.each([
  [['--model', 'regster'], 'did you mean register?'],
  [['--format', 'ednn'], 'did you mean edn?'],
  [['--consistency', 'linearisable'], 'expected one of linearizable, sequential'],
  [['--configurations', '0'], 'Expected a whole number above 0.'],
])('a wrong option is answered with what was expected: %j', async (args, expected) => {
  const { code, err } = await cli(['check', path('good.log'), ...args]);
  expect(err).toContain(expected);
  expect(code).toBe(2);
});
