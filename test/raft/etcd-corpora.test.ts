/** Etcd-raft's own test data on quorums and configuration changes; skipped where it is not here. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { answerQuorum, Changer, parseDirectives, type Directive } from './etcd-corpora.ts';

const folder = '../shared/corpora/etcd-raft';
const isHere = existsSync(folder);
if (!isHere) console.log(`skipped: ${folder} is not here (quorums and configuration changes)`);

/** What the two folders have together, so that none is passed over. */
const DIRECTIVES = 185;

function files(part: string): { readonly name: string; readonly directives: Directive[] }[] {
  if (!isHere) return [];
  return readdirSync(`${folder}/${part}/testdata`)
    .toSorted()
    .map((name) => ({
      name,
      directives: parseDirectives(readFileSync(`${folder}/${part}/testdata/${name}`, 'utf8')),
    }));
}

const quorums = files('quorum');
const changes = files('confchange');

describe.skipIf(!isHere)('the test data of etcd-raft', () => {
  test('all of its directives are read', () => {
    const read = [...quorums, ...changes].map(({ directives }) => directives.length);
    expect(read.reduce((sum, count) => sum + count, 0)).toBe(DIRECTIVES);
  });

  test.each(quorums)('quorums decide and commit as in $name', ({ directives }) => {
    for (const directive of directives) {
      const { line, expected } = directive;
      expect({ line, said: answerQuorum(directive) }).toEqual({ line, said: expected });
    }
  });

  test.each(changes)('configurations follow one another as in $name', ({ directives }) => {
    const changer = new Changer();
    for (const directive of directives) {
      const { line, expected } = directive;
      expect({ line, said: changer.answer(directive) }).toEqual({ line, said: expected });
    }
  });
});
