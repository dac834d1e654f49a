/** The loader answers every text with a scenario or with problems; it never throws. */
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { catalogue, scenarioFiles } from '../../sim/registry/index.ts';
import { formatProblems, loadScenario } from '../../sim/scenario/index.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const malformed = `${root}test/scenario/malformed`;
const texts = [
  ...scenarioFiles(`${root}scenarios`).map(({ text }) => text),
  ...readdirSync(malformed).map((file) => readFileSync(`${malformed}/${file}`, 'utf8')),
];
const words = [...new Set(texts.flatMap((text) => text.split(/\b/)))].filter((word) => word !== '');

/** Loads a text and checks that what comes back is of use to a person. */
function load(text: string): void {
  const loaded = loadScenario(text, { file: 'x.yaml', catalogue });
  if (loaded.ok) return;
  const lines = text.split(/\r\n|\r|\n/);
  expect(loaded.problems.length).toBeGreaterThan(0);
  for (const { line, column, message } of loaded.problems) {
    expect(line).toBeGreaterThanOrEqual(1);
    expect(line).toBeLessThanOrEqual(lines.length);
    expect(column).toBeGreaterThanOrEqual(1);
    expect(message).not.toBe('');
    expect(message).not.toMatch(/undefined|\[object|Invalid /);
  }
  expect(formatProblems(loaded.problems)).toContain('x.yaml:');
}

test('arbitrary text is never more than a list of problems', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.string({ maxLength: 200 }),
  );
  fc.assert(fc.property(text, load), { seed: 20260101, numRuns: 1000 });
});

test('a heap of words from scenarios is never more than a list of problems', () => {
  const heap = fc.array(fc.constantFrom(...words, '\n', '\n  ', ': ', '- ', '{', '}', '[', ']'));
  fc.assert(
    fc.property(heap, (parts) => load(parts.join(''))),
    { seed: 20260102, numRuns: 1000 },
  );
});

test('a scenario that somebody has slipped in is never more than a list of problems', () => {
  const slip = fc.record({
    at: fc.nat(),
    length: fc.nat({ max: 12 }),
    insert: fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 3 })),
  });
  const slips = fc.tuple(fc.constantFrom(...texts), fc.array(slip, { minLength: 1, maxLength: 4 }));
  fc.assert(
    fc.property(slips, ([text, edits]) => {
      let edited = text;
      for (const { at, length, insert } of edits) {
        const from = at % (edited.length + 1);
        edited = edited.slice(0, from) + insert + edited.slice(from + length);
      }
      load(edited);
    }),
    { seed: 20260103, numRuns: 1500 },
  );
});

test('a value of a wrong kind is never more than a list of problems', () => {
  const strange = fc.constantFrom(null, true, -1, 1e300, NaN, '', 'n1', [], {}, [[]], { a: null });
  const line = fc.record({ text: fc.constantFrom(...texts), at: fc.nat(), value: strange });
  fc.assert(
    fc.property(line, ({ text, at, value }) => {
      const lines = text.split('\n');
      const index = at % lines.length;
      const key = /^(\s*(?:- )?[\w-]+:)/.exec(lines[index] ?? '')?.[1];
      if (key !== undefined) lines[index] = `${key} ${JSON.stringify(value)}`;
      load(lines.join('\n'));
    }),
    { seed: 20260104, numRuns: 1000 },
  );
});
