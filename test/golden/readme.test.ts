/** The map in protocols/raft/README.md is complete and names only what exists. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { raftInvariants } from '../../invariants/raft/index.ts';
import { paperRules } from '../../protocols/raft/rules.ts';

const home = new URL('../../protocols/raft/', import.meta.url);
const readme = readFileSync(new URL('README.md', home), 'utf8');
const conversations = readdirSync(new URL('./raft/', import.meta.url));

/** The rows of the first table: section, files, rules, invariants, conversations, scenarios. */
const rows = readme
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .map((line) => line.split('|').slice(1, -1))
  .filter((cells) => cells.length === 6);
const namesIn = (column: number) =>
  new Set(rows.flatMap((cells) => [...(cells[column] ?? '').matchAll(/`([^`]+)`/g)].map(second)));

describe('the map from the paper to the code', () => {
  test('names every rule that Raft is made from, and no other', () => {
    expect([...namesIn(2)].sort(byText)).toEqual(Object.keys(paperRules).sort(byText));
  });

  test('names every invariant of Raft, and no other', () => {
    const ids = raftInvariants.map(({ id }) => id);
    expect([...namesIn(3)].sort(byText)).toEqual(ids.sort(byText));
  });

  test('names conversations that exist, and leaves none out', () => {
    const beginnings = [...namesIn(4)];
    const belongs = (name: string) => beginnings.some((words) => name.startsWith(words));
    expect(conversations.filter((name) => !belongs(name))).toEqual([]);
    const exists = (words: string) => conversations.some((name) => name.startsWith(words));
    expect(beginnings.filter((words) => !exists(words))).toEqual([]);
  });

  test('names scenarios that exist', () => {
    const missing = (name: string) =>
      !existsSync(new URL(`../../scenarios/${name}.yaml`, import.meta.url));
    expect([...namesIn(5)].filter(missing)).toEqual([]);
  });

  test('links to files that exist', () => {
    const links = [...readme.matchAll(/\]\(([^)]+)\)/g)].map(second);
    expect(links.filter((link) => !existsSync(new URL(link, home)))).toEqual([]);
  });
});

function second(match: RegExpMatchArray): string {
  return match[1] ?? '';
}

function byText(a: string, b: string): number {
  return a < b ? -1 : 1;
}
