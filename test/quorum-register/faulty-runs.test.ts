/** The register under random fault plans: linearizable as it is, and each mutant is found out. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { registerMutants } from '../../protocols/quorum-register/mutants.ts';
import { fingerprintText, run, type World } from '../../sim/engine/index.ts';
import { Plan, type Fault, type PlannedFault } from '../../sim/faults/index.ts';
import { registerWorld, type RegisterWorld } from '../helpers/register-world.ts';
import { survivable } from '../helpers/survivable-faults.ts';

const SEED = 20260118;
/** Microseconds: faults until FAULTY, then a whole network until END. */
const FAULTY = 4_000_000;
const END = 5_000_000;
const limits = { untilUs: END, maxEvents: 100_000 };

/** There is no leader whom a fault could mean. */
const leaderless = survivable.filter((fault) => !JSON.stringify(fault).includes('{leader}'));

const planned = fc
  .record({
    fault: fc.constantFrom(...leaderless),
    perSecondPpm: fc.integer({ min: 100_000, max: 900_000 }),
    leastUs: fc.integer({ min: 50_000, max: 500_000 }),
    span: fc.integer({ min: 0, max: 1_000_000 }),
  })
  .map(({ span, ...rest }): PlannedFault => ({ ...rest, mostUs: rest.leastUs + span }));

const cases = fc.record({
  seed: fc.integer({ min: 0, max: 0xffff }).map((seed) => `register-${seed}`),
  nodes: fc.constantFrom(1, 2, 3, 4, 5),
  faults: fc.uniqueArray(planned, {
    minLength: 1,
    maxLength: 6,
    size: 'max',
    selector: ({ fault }) => JSON.stringify(fault),
  }),
});

type Case = typeof cases extends fc.Arbitrary<infer Value> ? Value : never;

function worldOf({ seed, nodes, faults }: Case, extra: Partial<RegisterWorld> = {}): World {
  return registerWorld({
    seed,
    nodes,
    clients: 4,
    network: { latencyUs: 5_000 },
    director: new Plan({ faults, healAtUs: FAULTY }),
    ...extra,
  });
}

describe('the register with its defaults', () => {
  test('gives linearizable histories under every survivable fault (100 runs)', () => {
    let answers = 0;
    fc.assert(
      fc.property(cases, (value) => {
        const world = worldOf(value);
        expect(run(world, limits).violation).toBeNull();
        expect(world.unjudged).toEqual([]);
        answers += world.clients.reduce((sum, { sequence }) => sum + sequence, 0);
      }),
      { seed: SEED, numRuns: 100 },
    );
    expect(answers).toBeGreaterThan(5_000);
  });

  test('is the same run twice, and a fork goes the way of its parent', () => {
    fc.assert(
      fc.property(cases, fc.integer({ min: 1, max: 2000 }), (value, forkAt) => {
        const whole = worldOf(value);
        run(whole, limits);
        const parent = worldOf(value);
        run(parent, { untilUs: END, maxEvents: forkAt });
        const fork = parent.fork();
        const rest = { untilUs: END, maxEvents: limits.maxEvents - parent.counters.events };
        run(fork, rest);
        run(parent, rest);
        expect(fingerprintText(parent)).toBe(fingerprintText(whole));
        expect(fingerprintText(fork)).toBe(fingerprintText(whole));
      }),
      { seed: SEED, numRuns: 15 },
    );
  });
});

/** Under these a write stays half done for a while, and what was not on disk gets lost. */
const rough: readonly Fault[] = [
  { kind: 'reorder', ppm: 300_000, byUs: 500_000 },
  { kind: 'crash', nodes: ['{any}'], limit: 1 },
  { kind: 'disk', nodes: ['{any}'], problem: 'slow', byUs: 80_000 },
];

/** Seeds hunt-1 to hunt-30; ends with the first that shows something. */
const HUNTS = 30;

function hunt(mutants: readonly string[], seed: number): string | null {
  const faults = rough.map((fault): PlannedFault => ({
    fault,
    perSecondPpm: 900_000,
    leastUs: 300_000,
    mostUs: 900_000,
  }));
  const world = worldOf({ seed: `hunt-${seed}`, nodes: 5, faults }, { mutants, clients: 8 });
  return run(world, limits).violation?.invariant ?? null;
}

describe(`within ${HUNTS} seeds`, () => {
  test.each(registerMutants.map((mutant) => [mutant.id, mutant] as const))(
    '%s is caught by an invariant that it is said to violate',
    (id, { violates }) => {
      let found: string | null = null;
      for (let seed = 1; seed <= HUNTS && found === null; seed++) found = hunt([id], seed);
      expect(violates).toContain(found);
    },
  );

  test('the clean register is silent', () => {
    for (let seed = 1; seed <= HUNTS; seed++) expect(hunt([], seed), `hunt-${seed}`).toBeNull();
  });
});
