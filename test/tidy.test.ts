/** The style guide as a test: the rules a machine can check, over every file of the project. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { check } from './tidy/rules.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const folders = ['sim', 'protocols', 'invariants', 'test', 'lint', 'scripts', 'types'];

const files = folders
  .filter((folder) => existsSync(`${root}${folder}`))
  .flatMap((folder) =>
    readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' }).map(
      (path) => `${folder}/${path.replaceAll('\\', '/')}`,
    ),
  )
  .filter((path) => /\.(?:tsx?|mjs)$/.test(path))
  .toSorted((a, b) => (a < b ? -1 : 1))
  .map((path) => ({ path, text: readFileSync(`${root}${path}`, 'utf8') }));

test('every file keeps the rules of the style guide', () => {
  const findings = files.flatMap((file) => check(file));
  expect(findings.map(({ path, line, message }) => `${path}:${line} ${message}`)).toEqual([]);
});
