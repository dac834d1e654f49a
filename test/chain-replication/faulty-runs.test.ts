/** Chain replication under random fault plans: clean it keeps its promises, no mutant does. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chainMutants } from '../../protocols/chain-replication/mutants.ts';
import { fingerprintText, run } from '../../sim/engine/index.ts';
import type { Fault } from '../../sim/faults/index.ts';
import { casesOf, hunt, limits, worldOf } from '../helpers/random-faults.ts';
import { survivable } from '../helpers/survivable-faults.ts';

const SEED = 20261128;
const protocol = 'chain-replication';
const cases = casesOf('chain', survivable, [1, 2, 3, 4, 5]);

test('loses nothing and is linearizable under every survivable fault (60 runs)', () => {
  let answers = 0;
  fc.assert(
    fc.property(cases, (value) => {
      const world = worldOf(value, { protocol });
      expect(run(world, limits).violation).toBeNull();
      answers += world.clients.reduce((sum, { sequence }) => sum + sequence, 0);
    }),
    { seed: SEED, numRuns: 60 },
  );
  expect(answers).toBeGreaterThan(1_000);
});

test('a run is the same twice, and a fork goes the way of its parent', () => {
  fc.assert(
    fc.property(cases, fc.integer({ min: 1, max: 2000 }), (value, forkAt) => {
      const whole = worldOf(value, { protocol });
      run(whole, limits);
      const parent = worldOf(value, { protocol });
      run(parent, { ...limits, maxEvents: forkAt });
      const fork = parent.fork();
      const rest = { ...limits, maxEvents: limits.maxEvents - parent.counters.events };
      run(fork, rest);
      run(parent, rest);
      expect(fingerprintText(parent)).toBe(fingerprintText(whole));
      expect(fingerprintText(fork)).toBe(fingerprintText(whole));
    }),
    { seed: SEED, numRuns: 10 },
  );
});

/** The head is cut off or sleeps while others go on; what was not on disk gets lost. */
const rough: readonly Fault[] = [
  { kind: 'isolate', nodes: ['{leader}'] },
  { kind: 'pause', nodes: ['{leader}'], limit: 1 },
  { kind: 'crash', nodes: ['{any}'], limit: 1 },
  { kind: 'reorder', ppm: 300_000, byUs: 400_000 },
  { kind: 'disk', nodes: ['{any}'], problem: 'slow', byUs: 80_000 },
];

const SEEDS = 30;

/** A server has to come back before it is missed: see the museum. */
const hunted = chainMutants.filter(({ id }) => id !== 'chain-forward-before-fsync');

describe(`within ${SEEDS} seeds`, () => {
  test.each(hunted.map((mutant) => [mutant.id, mutant] as const))(
    '%s is caught by an invariant that it is said to violate',
    (id, { violates, minNodes }) => {
      const found = hunt(rough, SEEDS, { protocol, mutants: [id], nodes: Math.max(4, minNodes) });
      expect(violates).toContain(found);
    },
  );

  test.each([4, 5])('the clean protocol of %i nodes is silent', (nodes) => {
    expect(hunt(rough, SEEDS, { protocol, nodes })).toBeNull();
  });
});
