/** Tests the lint rules of our own: oxlint finds what is planted in a core file, and only that. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What our own rules say of the lines, linted as a file of that path: `line:rule` each. */
function lint(path: string, lines: readonly string[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'schism-lint-'));
  const config = JSON.parse(readFileSync(`${root}.oxlintrc.json`, 'utf8')) as {
    jsPlugins: string[];
  };
  config.jsPlugins = config.jsPlugins.map((plugin) => join(root, plugin));
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), `${lines.join('\n')}\n`);
  writeFileSync(join(folder, '.oxlintrc.json'), JSON.stringify(config));
  try {
    const oxlint = `${root}node_modules/oxlint/bin/oxlint`;
    return findings(folder, ['-c', '.oxlintrc.json', '--format', 'json', path], oxlint);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function findings(cwd: string, args: readonly string[], oxlint: string): string[] {
  const report = spawnSync(process.execPath, [oxlint, ...args], { cwd, encoding: 'utf8' });
  const { diagnostics } = JSON.parse(report.stdout) as {
    diagnostics: { code: string; labels: { span: { line: number } }[] }[];
  };
  return diagnostics
    .filter(({ code }) => /^(?:determinism|reasons)/.test(code))
    .map(({ code, labels }) => `${labels[0]?.span.line} ${/\((.*)\)/.exec(code)?.[1]}`)
    .toSorted((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
}

const planted: readonly (readonly [line: string, ...rules: string[]])[] = [
  ["import { readFileSync } from 'node:fs';", 'no-host'],
  ["export * from 'node:os';", 'no-host'],
  ["export const a = import('./b.ts');", 'no-host'],
  ['export const b = new Date();', 'no-globals'],
  ['export const c = performance.now();', 'no-globals'],
  ['setTimeout(readFileSync, 1);', 'no-globals'],
  ['export const d = 2 ** 3;', 'exact-math'],
  ['export let e = 2; e **= 3;', 'exact-math'],
  ['export const f = Math.pow(2, 3);', 'exact-math'],
  ['export const g = Math.random();', 'exact-math'],
  ['const { random } = Math;', 'exact-math'],
  ["export const h = Math['random']();", 'exact-math'],
  ['for (const key in { a, b }) random(key);', 'explicit-order'],
  ['export const i = [3, 2].sort();', 'explicit-order'],
  ["export const j = 'a'.localeCompare('b');", 'explicit-order'],
  ['export async function k() {}', 'no-async'],
  ['export const l = async () => { await k(); };', 'no-async', 'no-async'],
  ['export const m = [3, 2].sort((x, y) => x - y);'],
  ['export interface N { Date: number; Promise: string }'],
  ['export const o = { Date: 1 }.Date + Math.floor(2.5);'],
  ['export const p = m[0]!;', 'non-null'],
  ['// the list is never empty'],
  ['export const q = m[0]!;'],
];
const lines = planted.map(([line]) => line);
const expected = planted.flatMap(([, ...rules], index) =>
  rules.map((rule) => `${index + 1} ${rule}`),
);

test('every planted breach of determinism is found in a core folder, and nothing else', () => {
  for (const folder of ['sim/engine', 'sim/faults', 'sim/history', 'protocols/raft/log']) {
    expect(lint(`${folder}/planted.ts`, lines)).toEqual(expected);
  }
  expect(lint('invariants/planted.ts', lines)).toEqual(expected);
});

test('outside the core folders only the unexplained non-null is an error', () => {
  const rest = expected.filter((finding) => finding.endsWith('non-null'));
  expect(lint('sim/cli/planted.ts', lines)).toEqual(rest);
});
