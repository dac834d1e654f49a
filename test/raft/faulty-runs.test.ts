/** Raft under random fault plans: the invariants hold, and runs are what determinism promises. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fingerprintText, run, type World } from '../../sim/engine/index.ts';
import { Plan, type PlannedFault } from '../../sim/faults/index.ts';
import { Digest } from '../../sim/trace/index.ts';
import { raftWorld, type RaftWorld } from '../helpers/raft-world.ts';
import { survivable } from '../helpers/survivable-faults.ts';
import { soakRaft } from '../soak/raft.ts';

const SEED = 20260117;
/** Microseconds: faults until FAULTY, then a whole network until END. */
const FAULTY = 8_000_000;
const END = 12_000_000;
/** Random events that clean Raft survives in CI; `npm run soak` has the longer figure. */
const EVENTS_IN_CI = 2_000_000;

const planned = fc
  .record({
    fault: fc.constantFrom(...survivable),
    perSecondPpm: fc.integer({ min: 50_000, max: 900_000 }),
    leastUs: fc.integer({ min: 50_000, max: 500_000 }),
    span: fc.integer({ min: 0, max: 2_000_000 }),
  })
  .map(({ span, ...rest }): PlannedFault => ({ ...rest, mostUs: rest.leastUs + span }));

const cases = fc.record({
  seed: fc.integer({ min: 0, max: 0xffff }).map((seed) => `faulty-${seed}`),
  nodes: fc.constantFrom(3, 4, 5),
  preVote: fc.boolean(),
  checkQuorum: fc.boolean(),
  snapshotThreshold: fc.constantFrom(0, 5, 40),
  maxEntriesPerAppend: fc.constantFrom(1, 3, 64),
  maxInflight: fc.constantFrom(0, 1, 4),
  asyncStorage: fc.boolean(),
  applyMs: fc.constantFrom(0, 0, 30),
  faults: fc.uniqueArray(planned, {
    minLength: 1,
    maxLength: 6,
    size: 'max',
    selector: ({ fault }) => JSON.stringify(fault),
  }),
});

type Case = typeof cases extends fc.Arbitrary<infer Value> ? Value : never;

function worldOf(value: Case, extra: Partial<RaftWorld> = {}): World {
  const { seed, nodes, faults, preVote, checkQuorum, snapshotThreshold } = value;
  const { maxEntriesPerAppend, maxInflight, asyncStorage, applyMs } = value;
  return raftWorld({
    seed,
    nodes,
    clients: 2,
    options: {
      preVote,
      checkQuorum,
      snapshotThreshold,
      maxEntriesPerAppend,
      maxInflight,
      asyncStorage,
      applyMs,
      snapshotChunkSize: 200,
    },
    network: { latencyUs: 5_000 },
    director: new Plan({ faults, healAtUs: FAULTY }),
    ...extra,
  });
}

const limits = { untilUs: END, maxEvents: 200_000 };

describe('Raft under random fault plans', () => {
  test('keeps every invariant, liveness after the last fault included', () => {
    let events = 0;
    fc.assert(
      fc.property(cases, (value) => {
        const world = worldOf(value);
        const { violation } = run(world, limits);
        events += world.counters.events;
        expect(violation).toBeNull();
      }),
      { seed: SEED, numRuns: 120 },
    );
    expect(events).toBeGreaterThan(100_000);
  });

  test('gives equal hashes and equal worlds for equal seeds', () => {
    fc.assert(
      fc.property(cases, (value) => {
        const [first, second] = [new Digest(), new Digest()];
        const one = worldOf(value, { observer: first });
        const two = worldOf(value, { observer: second });
        run(one, limits);
        run(two, limits);
        expect(second.value).toBe(first.value);
        expect(fingerprintText(two)).toBe(fingerprintText(one));
      }),
      { seed: SEED, numRuns: 15 },
    );
  });

  test('gives other hashes for other seeds', () => {
    const hashes = ['a', 'b', 'c', 'd'].map((seed) => {
      const observer = new Digest();
      run(raftWorld({ seed, clients: 1, observer }), { untilUs: 2_000_000, maxEvents: 10_000 });
      return observer.value;
    });
    expect(new Set(hashes).size).toBe(4);
  });

  test('a fork goes the way of its parent and does not influence it', () => {
    fc.assert(
      fc.property(cases, fc.integer({ min: 1, max: 6000 }), (value, forkAt) => {
        const undisturbed = worldOf(value);
        run(undisturbed, limits);
        const parent = worldOf(value);
        run(parent, { untilUs: END, maxEvents: forkAt });
        const fork = parent.fork();
        const before = fingerprintText(parent);
        const rest = { untilUs: END, maxEvents: limits.maxEvents - parent.counters.events };
        run(fork, rest);
        expect(fingerprintText(parent)).toBe(before);
        run(parent, rest);
        expect(fingerprintText(fork)).toBe(fingerprintText(undisturbed));
        expect(fingerprintText(parent)).toBe(fingerprintText(undisturbed));
      }),
      { seed: SEED, numRuns: 25 },
    );
  });

  test(`is silent over ${EVENTS_IN_CI} random events`, () => {
    expect(soakRaft(EVENTS_IN_CI, () => {})).toBeGreaterThanOrEqual(EVENTS_IN_CI);
  });
});
