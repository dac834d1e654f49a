/** Every script of a mutant: the named invariant fires at its last step, without it all is well. */
import { describe, expect, test } from 'vitest';
import { World, timed } from '../../sim/engine/index.ts';
import { begin } from '../../sim/property/notes.ts';
import type { Subject } from '../../sim/property/subject.ts';
import { followSteps } from '../../sim/trace/index.ts';
import { exhibits, scripted, withoutMutant } from './exhibits.ts';

const scripts = exhibits.flatMap((exhibit) => {
  const subject = scripted(exhibit);
  const { id, protocol, violates } = exhibit.mutant;
  return subject === null ? [] : [{ id, protocol, violates, subject, entry: exhibit.entry }];
});

describe.each(scripts)('the script of $protocol/$id', ({ subject, violates, entry }) => {
  const seed = String(subject.scenario.seed);
  const { world, failure, steps } = begin(subject, seed);

  test('violates the invariant of its record at its last step, and not before', () => {
    expect(failure).toBeNull();
    expect(world.violation?.invariant).toBe(violates[0]);
    expect(stepsSaid(subject)).toBeGreaterThan(0);
    const { world: config } = subject.prepare(seed);
    const before = new World(config, timed);
    followSteps(before, steps.slice(0, -1));
    expect(before.violation).toBeNull();
  });

  test('is survived, or refused, by the clean protocol', () => {
    const config = withoutMutant(subject.prepare(seed).world, entry);
    const clean = new World(config, timed);
    followSteps(clean, steps);
    expect(clean.violation).toBeNull();
  });
});

test('at least twenty mutants of Raft have a script', () => {
  expect(scripts.filter(({ protocol }) => protocol === 'raft').length).toBeGreaterThanOrEqual(20);
});

function stepsSaid({ scenario }: Subject): number {
  return scenario.schedule?.length ?? 0;
}
