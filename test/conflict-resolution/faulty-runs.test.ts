/** Replicas that merge, under random fault plans: they converge, and each mutant is found out. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ConflictState } from '../../protocols/conflict-resolution/state.ts';
import { conflictMutants } from '../../protocols/conflict-resolution/mutants.ts';
import { typeNames } from '../../protocols/conflict-resolution/types/index.ts';
import { fingerprintText, run, type World } from '../../sim/engine/index.ts';
import type { Fault } from '../../sim/faults/index.ts';
import type { OperationsConfig } from '../../sim/history/workload.ts';
import { defaultAppend } from '../../sim/history/workloads/append.ts';
import { defaultCounter } from '../../sim/history/workloads/counter.ts';
import { defaultMap } from '../../sim/history/workloads/registers.ts';
import { entryWorld, type EntryWorld } from '../helpers/entry-world.ts';
import { casesOf, hunt, worldOf } from '../helpers/random-faults.ts';
import { survivable } from '../helpers/survivable-faults.ts';

const SEED = 20261128;
const protocol = 'conflict-resolution';
const leaderless = survivable.filter((fault) => !JSON.stringify(fault).includes('{leader}'));
const cases = casesOf('conflict', leaderless, [1, 2, 3, 4, 5]);
/** Faults until 4 s; clients stop after 25 operations each; then forty rounds of gossip. */
const limits = { untilUs: 9_000_000, maxEvents: 200_000 };

function workloadOf(type: string): EntryWorld['workload'] {
  const operations: OperationsConfig = type.endsWith('counter')
    ? { ...defaultCounter, keys: 3 }
    : type === 'sequence'
      ? { ...defaultAppend, keys: 2 }
      : { ...defaultMap, keys: 3, deletePercent: 20 };
  return { operations, limit: 25 };
}

const variants = typeNames.flatMap((type) =>
  (['state', 'delta'] as const).map((gossip) => ({ type, gossip })),
);

describe.each(variants)('$type by $gossip', (options) => {
  test('converges under every survivable fault (8 runs)', () => {
    let judged = 0;
    fc.assert(
      fc.property(cases, (value) => {
        const workload = workloadOf(options.type);
        const world = worldOf(value, {
          protocol,
          options,
          history: [],
          ...(workload && { workload }),
        });
        expect(run(world, limits).violation).toBeNull();
        if (!world.unjudged.includes('conflict-resolution/liveness')) judged++;
      }),
      { seed: SEED, numRuns: 8 },
    );
    expect(judged).toBeGreaterThan(5);
  });
});

test('a run is the same twice, and a fork goes the way of its parent', () => {
  const options = { type: 'or-set', gossip: 'delta' };
  const short = { untilUs: 3_000_000, maxEvents: 20_000 };
  fc.assert(
    fc.property(cases, fc.integer({ min: 1, max: 1500 }), (value, forkAt) => {
      const workload = { limit: 25 };
      const made = () => worldOf(value, { protocol, options, workload, history: [] });
      const [whole, parent] = [made(), made()];
      run(whole, short);
      run(parent, { ...short, maxEvents: forkAt });
      const fork = parent.fork();
      const rest = { ...short, maxEvents: short.maxEvents - parent.counters.events };
      run(fork, rest);
      run(parent, rest);
      expect(fingerprintText(parent)).toBe(fingerprintText(whole));
      expect(fingerprintText(fork)).toBe(fingerprintText(whole));
    }),
    { seed: SEED, numRuns: 10 },
  );
});

const rough: readonly Fault[] = [
  { kind: 'random-partition' },
  { kind: 'clock-step', nodes: ['{any}'], byUs: 500_000 },
  { kind: 'duplicate', ppm: 300_000 },
  { kind: 'reorder', ppm: 300_000, byUs: 400_000 },
];

const SEEDS = 12;
/** Two writes of one microsecond are rare: see the museum. */
const hunted = conflictMutants.filter(({ id }) => id !== 'lww-tie-drop');

describe(`within ${SEEDS} seeds`, () => {
  test.each(hunted)('$id is caught by its invariant', ({ id, type, violates }) => {
    const workload = workloadOf(type);
    const wanted = { protocol, mutants: [id], history: [], ...(workload && { workload }) };
    expect(violates).toContain(hunt(rough, SEEDS, wanted));
  });

  test.each(typeNames)('the clean protocol is silent with %s', (type) => {
    const workload = workloadOf(type);
    const wanted = { protocol, options: { type }, history: [], ...(workload && { workload }) };
    expect(hunt(rough, SEEDS / 4, wanted)).toBeNull();
  });
});

/** Confirmed writes that their own replica drops at once, one client a node, n1 300 ms ahead. */
function lostUpdates(clock: string): number {
  let lost = 0;
  const seen = new Map<number, number>();
  const world: World = entryWorld({
    protocol,
    clients: 3,
    options: { clock },
    network: { latencyUs: 5_000 },
    invariants: [],
    workload: { limit: 100 },
  });
  world.perform(world.scheduleFault(0, { kind: 'clock-step', nodes: ['n1'], byUs: 300_000 }));
  for (let event = world.next(); event !== null && world.now < 5_000_000; event = world.next()) {
    world.perform(event);
    world.nodes.forEach(({ state }, node) => {
      const [[, item] = []] = (state as ConflictState).items.entries();
      const own = item?.updates[`n${node + 1}`] ?? 0;
      if (own === (seen.get(node) ?? 0)) return;
      seen.set(node, own);
      const winner = item?.state as { node: string; counter: number } | null;
      if (winner?.node !== `n${node + 1}` || winner.counter !== own) lost++;
    });
  }
  return lost;
}

test('clocks 300 ms apart lose updates, unless the timestamps hear of each other', () => {
  expect(lostUpdates('physical')).toBeGreaterThan(10);
  expect(lostUpdates('logical')).toBe(0);
  expect(lostUpdates('hybrid')).toBe(0);
});
