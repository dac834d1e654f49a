/** Others' histories with known verdicts; skipped, with a notice, where they are not at hand. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { check, models } from '../../invariants/history/index.ts';
import { readHistory } from '../../sim/history/formats/index.ts';

const folder = '../shared/corpora/porcupine';
const isHere = existsSync(folder);
if (!isHere) console.log(`skipped: ${folder} is not here (histories of Porcupine's tests)`);

/** From Porcupine's own test: of 000 to 050 exactly these are linearizable. */
const linearizable = new Set([
  '002',
  '005',
  '007',
  '018',
  '025',
  '031',
  '038',
  '045',
  '048',
  '049',
]);

function checkFile(path: string): ReturnType<typeof check> {
  const { history, model, problems } = readHistory(readFileSync(path, 'utf8'));
  expect(problems).toEqual([]);
  const build = models[model ?? ''];
  if (build === undefined) throw new Error(`${path}: no model ${model}`);
  return check(history, build());
}

describe.skipIf(!isHere)('Porcupine', () => {
  for (const file of isHere ? readdirSync(`${folder}/etcd`).toSorted() : []) {
    const isValid = linearizable.has(file.slice(5, 8));
    test(`${file} is ${isValid ? '' : 'not '}linearizable, explained by few operations`, () => {
      const { verdict, counterexample, configurations } = checkFile(`${folder}/etcd/${file}`);
      expect(verdict).toBe(isValid ? 'valid' : 'invalid');
      expect(configurations).toBeLessThanOrEqual(200);
      if (isValid) return;
      expect(counterexample?.minimal).toBe(true);
      expect(counterexample?.history.length).toBeLessThanOrEqual(20);
    });
  }

  for (const file of isHere ? readdirSync(`${folder}/kv`).toSorted() : []) {
    test(`${file} has the verdict in its name`, () => {
      const { verdict } = checkFile(`${folder}/kv/${file}`);
      expect(verdict).toBe(file.includes('ok') ? 'valid' : 'invalid');
    });
  }
});
