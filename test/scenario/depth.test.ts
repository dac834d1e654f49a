/**
 * A text that is nested beyond all measure is a problem of the text, not the end of the process.
 */
import { expect, test } from 'vitest';
import { catalogue } from '../../sim/registry/index.ts';
import { loadScenario } from '../../sim/scenario/index.ts';

const deep = 200_000;

test.each([
  ['open brackets', `name: ${'['.repeat(deep)}`],
  ['balanced brackets', `name: ${'['.repeat(deep)}${']'.repeat(deep)}`],
  ['mappings over many lines', '{a:\n'.repeat(deep)],
  ['items on one line', `name: x\nfaults:\n  ${'- '.repeat(deep)}a`],
  ['keys on one line', `${'? '.repeat(deep)}a`],
])('%s, 200,000 deep, are refused', (_name, text) => {
  const loaded = loadScenario(text, { file: 'deep.yaml', catalogue });
  const messages = loaded.ok ? [] : loaded.problems.map(({ message }) => message);
  expect(messages).toEqual(['expected at most 500 levels inside of one another']);
});

test('many brackets beside one another are no nesting', () => {
  const text = `name: ${'[]'.repeat(1000)} and ${'-'.repeat(400)}\nprotocol: raft\n`;
  const loaded = loadScenario(text, { file: 'wide.yaml', catalogue });
  const messages = loaded.ok ? [] : loaded.problems.map(({ message }) => message);
  expect(messages.join()).not.toContain('inside of one another');
});
