/** Every lesson that comes with Schism: short, answered, its moments bound to its own run. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openScenario } from '../../sim/registry/open.ts';
import { catalogue } from '../../sim/registry/index.ts';
import { editScenario } from '../../sim/scenario/index.ts';
import { runScenario } from '../../sim/trace/run-scenario.ts';
import { lessonsIn, play } from '../../sim/viewer/lessons.ts';
import { cli } from '../cli/harness.ts';
import { openStore } from '../../sim/viewer/model/store.ts';

const all = await lessonsIn(join(import.meta.dirname, '../../scenarios'));

test('there are at least twenty lessons, and the command line lists them', async () => {
  expect(all.length).toBeGreaterThanOrEqual(20);
  const { out, code } = await cli(['view', '--lessons']);
  expect(code).toBe(0);
  for (const { id, lesson } of all) expect(out).toMatch(new RegExp(`${id} .*${lesson.title}`));
});

test.each(all.map((entry) => [entry.id, entry] as const))('%s', async (_id, entry) => {
  const { lesson } = entry;
  expect(lesson.question, 'it asks before it shows').toBeDefined();
  expect(lesson.answer, 'one choice is right').toBeDefined();
  expect(lesson.try.length, 'it ends with something to change').toBeGreaterThan(0);
  expect(lesson.source.length, 'it names its source').toBeGreaterThan(0);
  expect(lesson.beats.filter(({ pause }) => pause).length).toBeLessThanOrEqual(1);
  const played = await play(entry);
  expect(played.events).toBeLessThanOrEqual(80);
  const moments = played.lesson.beats.map(({ event }) => event ?? -1);
  expect(moments).toHaveLength(lesson.beats.length);
  expect(moments, 'every moment comes, one after the other').toEqual(
    moments.filter((event) => event >= 0).toSorted((a, b) => a - b),
  );
  const violation = openStore(played.bytes).store?.violation;
  if (violation?.event !== undefined) expect(moments.at(-1)).toBe(violation.event);
});

const broken = all.filter(({ text }) => /^mutants:/m.test(text));

test.each(broken.map((entry) => [entry.id, entry] as const))(
  '%s: without its error nothing is violated',
  async (_id, { text, id }) => {
    const cured = editScenario(text, [{ path: ['mutants'], value: [] }]);
    const opened = await openScenario(cured, id, catalogue);
    if (!opened.ok) throw new Error(JSON.stringify(opened.problems));
    const { open } = opened;
    // The script may end early: what the error did is not there to be delivered.
    expect(runScenario(open.prepare(String(open.scenario.seed))).violation).toBeNull();
  },
);
