/** The maps in the READMEs of consensus protocols are complete and name only what exists. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { multiPaxosInvariants } from '../../invariants/multi-paxos/index.ts';
import { pbftInvariants } from '../../invariants/pbft/index.ts';
import { raftInvariants } from '../../invariants/raft/index.ts';
import { paperRules as multiPaxosRules } from '../../protocols/multi-paxos/rules.ts';
import { paperRules as pbftRules } from '../../protocols/pbft/rules.ts';
import { paperRules as raftRules } from '../../protocols/raft/rules.ts';

const maps = [
  { name: 'raft', rules: raftRules, invariants: raftInvariants },
  { name: 'multi-paxos', rules: multiPaxosRules, invariants: multiPaxosInvariants },
  { name: 'pbft', rules: pbftRules, invariants: pbftInvariants },
];

describe.each(maps)('the map from the papers to the code of $name', (map) => {
  const home = new URL(`../../protocols/${map.name}/`, import.meta.url);
  const readme = readFileSync(new URL('README.md', home), 'utf8');
  const conversations = readdirSync(new URL(`./${map.name}/`, import.meta.url));

  /** The rows of the first table: section, files, rules, invariants, conversations, scenarios. */
  const rows = readme
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.split('|').slice(1, -1))
    .filter((cells) => cells.length === 6);
  const namesIn = (column: number) =>
    new Set(rows.flatMap((cells) => [...(cells[column] ?? '').matchAll(/`([^`]+)`/g)].map(second)));

  test('names every rule that the protocol is made from, and no other', () => {
    expect([...namesIn(2)].sort(byText)).toEqual(Object.keys(map.rules).sort(byText));
  });

  test('names every invariant of the protocol, and no other', () => {
    const ids = map.invariants.map(({ id }) => id);
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
