/** Tests the tester: each rule finds a violation planted for it, and lets its neighbours pass. */
import { expect, test } from 'vitest';
import { bannedGlobals, bannedMath, bannedMethods } from '../../lint/determinism.mjs';
import { layers } from './layers.ts';
import { check, maxColumns, maxLines } from './rules.ts';
import { importsOf, read } from './source.ts';

const purpose = '/** What it is for. */\n';

/** What the rules say of a file with a purpose and this code. */
function messages(path: string, code: string): string[] {
  return check({ path, text: purpose + code }).map(({ line, message }) => `${line} ${message}`);
}

/** A core file with this code breaks exactly one rule, on its second line. */
function expectBanned(code: string, advice: string) {
  expect(messages('sim/engine/a.ts', code)).toEqual([expect.stringContaining(advice)]);
  expect(messages('sim/cli/a.ts', code)).toEqual([]);
}

test('every banned global is found in core code and nowhere else', () => {
  for (const [name, advice] of bannedGlobals) expectBanned(`const a = ${name};`, advice);
});

test('every banned member of Math is found', () => {
  for (const [name, advice] of bannedMath) expectBanned(`const a = Math.${name}(2);`, advice);
});

test('every method that asks for the language of the machine is found', () => {
  for (const [name, advice] of bannedMethods) expectBanned(`const a = b.${name}();`, advice);
});

test('syntax that breaks determinism is found', () => {
  expectBanned('const a = 2 ** 3;', 'last digit');
  expectBanned('let a = b; a **= 3;', 'last digit');
  expectBanned('const a = [10, 9].sort();', 'comparator');
  expectBanned('const a = [10, 9].toSorted( );', 'comparator');
  expectBanned('for (const key in table) use(key);', 'Object.keys');
  expectBanned('const a = async () => 1;', 'synchronous');
  expectBanned('const a = await b;', 'synchronous');
});

test('banned words may be fields, comments and quotations', () => {
  const code = `
    // Date, Promise and Math.random are only named here. ** too.
    interface Row { Date: number; Promise?: string }
    const row = { Date: 1, 'await': entry.Date, text: "new Date() ** 2" };
    const greeting = \`await \${row.Date} Promise\`;
    const words = /Math.random() \\/ [/] Date/;
    const order = [3, 1].sort((a, b) => a - b);
    const value = Math.floor(half / 2) / Math.max(1, 2);`;
  expect(messages('protocols/raft/a.ts', code)).toEqual([]);
});

test('code inside a template literal is code', () => {
  const code = 'const a = `${`${Math.random()}`}`; const b = `}${1}` + Math.random();';
  expect(messages('sim/faults/a.ts', code)).toHaveLength(2);
});

test('a file that grows too long and a line that grows too wide are found', () => {
  const long = 'x;\n'.repeat(maxLines);
  expect(messages('test/a.ts', long)).toEqual([expect.stringContaining(`${maxLines + 1} lines`)]);
  expect(messages('test/a.ts', long.slice(3))).toEqual([]);
  const wide = '…'.repeat(maxColumns);
  expect(messages('test/a.ts', `//${wide}`)).toEqual([expect.stringMatching(/^2 102 columns/)]);
  expect(messages('test/a.ts', wide)).toEqual([]);
});

test('a file without a purpose is found, also behind a #! line', () => {
  const of = (text: string) => check({ path: 'sim/cli/a.ts', text }).length;
  expect(of('export const a = 1;\n')).toBe(1);
  expect(of('#!/usr/bin/env node\nexport const a = 1;\n')).toBe(1);
  expect(of('#!/usr/bin/env node\n/** It counts. */\nexport const a = 1;\n')).toBe(0);
  expect(of('// It counts.\nexport const a = 1;\n')).toBe(0);
});

test('default exports and notes for later are found', () => {
  expect(messages('sim/cli/a.ts', 'export default 1;')).toHaveLength(1);
  expect(messages('sim/cli/a.ts', 'export { a as default };')).toHaveLength(1);
  expect(messages('sim/cli/a.ts', '// TODO: the rest')).toHaveLength(1);
  expect(messages('sim/cli/a.ts', '/* FIXME */')).toHaveLength(1);
  expect(messages('sim/cli/a.ts', "const a = 'TODO';")).toEqual([]);
});

test('a test that sleeps is found, unless it says why', () => {
  const name = 'test/a.test.ts';
  for (const word of ['only', 'skip', 'todo', 'concurrent.only']) {
    expect(messages(name, `test.${word}('a', run);`)).toHaveLength(1);
    expect(messages(name, `describe.${word}('a', run);`)).toHaveLength(1);
  }
  expect(messages(name, "test.skipIf(missing)('a', run);")).toHaveLength(1);
  const notice = "if (missing) console.log('skipped: no second Node');\n";
  expect(messages(name, `${notice}test.skipIf(missing)('a', run);`)).toEqual([]);
  expect(messages(name, "iterator.skip(3); test('a', run);")).toEqual([]);
});

test.each([
  [
    'sim/engine/a.ts',
    "import { a } from '../faults/a.ts';",
    'sim/engine may not import sim/faults',
  ],
  ['sim/engine/a.ts', "import { z } from 'zod';", 'the package zod'],
  ['sim/engine/a.ts', "import { a } from 'node:fs';", 'browser'],
  ['sim/engine/a.ts', "export * from '../cli/a.ts';", 'sim/cli/a.ts'],
  ['sim/engine/a.ts', "import '../cli/a.ts';", 'sim/cli/a.ts'],
  ['sim/engine/a.ts', "import { a } from './a.js';", 'extension'],
  ['sim/search/a.ts', "import { a } from '../cli/a.ts';", 'sim/cli'],
  ['sim/search/a.ts', "const a = import('../cli/a.ts');", 'sim/cli'],
  ['sim/trace/a.ts', "import { a } from '../scenario/a.ts';", 'more than types'],
  ['protocols/raft/a.ts', "import type { A } from '../pbft/a.ts';", 'protocols/pbft'],
  ['protocols/raft/a.ts', "import { a } from '../../sim/engine/run.ts';", 'more than types'],
  ['protocols/common/a.ts', "import { a } from '../raft/a.ts';", 'protocols/raft'],
  ['invariants/a.ts', "import { type A, b } from '../protocols/raft/a.ts';", 'more than types'],
  ['sim/attic/a.ts', 'const a = 1;', 'not a layer'],
])('%s: %s is refused', (path, code, message) => {
  expect(messages(path, code)).toEqual([expect.stringContaining(message)]);
});

test.each([
  ['sim/engine/a.ts', "import tychei from 'seedrandom/lib/tychei.js';"],
  ['sim/engine/a.ts', "import { b } from './b.ts';"],
  ['sim/history/a.ts', "import { a } from '../engine/a.ts';"],
  ['sim/trace/a.ts', "import type { A } from '../scenario/a.ts';"],
  ['sim/trace/a.ts', "import { decode } from '@msgpack/msgpack';"],
  ['sim/cli/a.ts', "import { a } from 'node:fs';\nimport { b } from '../engine/b.ts';"],
  ['protocols/raft/log/a.ts', "import { a } from '../../common/a.ts';"],
  ['protocols/raft/a.ts', "import type { A } from '../../sim/engine/protocol.ts';"],
  ['protocols/raft/a.ts', "import { type A, type B } from '../../sim/engine/protocol.ts';"],
  ['protocols/raft/a.ts', "import { assert } from '../../sim/engine/assert.ts';"],
  ['invariants/raft.ts', "import type { RaftState } from '../protocols/raft/state.ts';"],
  ['test/a.ts', "import { a } from '../sim/cli/a.ts';\nimport { b } from 'anything';"],
])('%s: %s is allowed', (path, code) => {
  expect(messages(path, code)).toEqual([]);
});

test('the table of layers has no cycle, types included', () => {
  const seen = new Set<string>();
  for (const { folder, may } of layers) {
    const unknown = may
      .map((place) => place.replace(/^type /, '').replace(/\/[\w-]+\.ts$/, ''))
      .filter((place) => !seen.has(place) && place !== 'sim');
    expect(unknown, folder).toEqual([]);
    seen.add(folder);
  }
});

test('imports are read as written, whatever stands around them', () => {
  const text = [
    "import a, { type B } from 'one'; // from 'no'",
    "import type {\n  C,\n} from 'two';",
    "export { d } from 'three';",
    'const text = `import e from \'no\'`; // import f from "no"',
    "import type from 'four';",
  ].join('\n');
  expect(importsOf(read({ path: 'a.ts', text }))).toEqual([
    { line: 1, specifier: 'one', typeOnly: false },
    { line: 2, specifier: 'two', typeOnly: true },
    { line: 5, specifier: 'three', typeOnly: false },
    { line: 7, specifier: 'four', typeOnly: false },
  ]);
});

test('code and comments together keep the length and the lines of a file', () => {
  const text = "a('it\\'s'); // why\n/* b\n c */ `x${{ y: `}` }}z`; d = e / 2 / f; g(/[/'\"]/);\n";
  const { code, comments } = read({ path: 'a.ts', text });
  expect(code).toHaveLength(text.length);
  expect(comments).toHaveLength(text.length);
  expect(comments.trim()).toBe('// why\n/* b\n c */');
  expect(code).toContain('d = e / 2 / f; g(');
  expect(code.split('\n')).toHaveLength(text.split('\n').length);
});
