/** A search of the clean protocol: late messages of a shard's former life change nothing. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { searchOf } from '../../sim/property/hunt.ts';
import { subjectOf } from '../../sim/property/subject.ts';
import { catalogue } from '../../sim/registry/index.ts';
import { exploreBatch } from '../../sim/search/index.ts';

// Run 2,361 of this seed once committed half of a transaction: its first step came again after a
// crash, and began it anew at a shard that had forgotten the second one.
test('a first step that comes again after a crash does not make a transaction lose others', () => {
  const file = 'scenarios/transactions/two-phase-commit.yaml';
  const search = searchOf(subjectOf(readFileSync(file, 'utf8'), file, catalogue), { seed: '2' });
  expect(exploreBatch(search, 2048, 2500).found).toBeNull();
  expect(exploreBatch(search, 0, 512).found).toBeNull();
});
