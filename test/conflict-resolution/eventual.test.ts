/** What clients are promised of replicas that gossip: that they agree, and not at once. */
import { describe, expect, test } from 'vitest';
import { historyInvariants } from '../../invariants/history/monitor.ts';
import { typeNames } from '../../protocols/conflict-resolution/types/index.ts';
import { run, type Violation, type World } from '../../sim/engine/index.ts';
import { Plan } from '../../sim/faults/index.ts';
import { entryWorld, type EntryWorld } from '../helpers/entry-world.ts';

const EVENTUAL = 'history/eventual';
const protocol = 'conflict-resolution';
const eventually = historyInvariants.filter(({ id }) => id === EVENTUAL);
/** Clients write for a second at most, and read until the end. */
const limits = { untilUs: 5_000_000, maxEvents: 100_000 };
const SEEDS = ['1', '2', '3', '4', '5', '6', '7', '8'];

function worldOf(seed: string, wanted: Partial<EntryWorld>): World {
  return entryWorld({
    protocol,
    seed,
    clients: 3,
    network: { latencyUs: 5_000 },
    invariants: eventually,
    workload: { updates: 10 },
    ...wanted,
  });
}

/** What the runs found; each of them has to be judged unless it found something. */
function violationsOf(wanted: Partial<EntryWorld>): readonly Violation[] {
  return SEEDS.flatMap((seed) => {
    const world = worldOf(seed, wanted);
    const { violation } = run(world, limits);
    expect(violation !== null || !world.unjudged.includes(EVENTUAL)).toBe(true);
    return violation ?? [];
  });
}

// A counter does not take the writes of a register.
describe.each(typeNames.filter((type) => !type.endsWith('counter')))('clients of %s', (type) => {
  test('read the same of all replicas once the gossip has settled', () => {
    expect(violationsOf({ options: { type } })).toEqual([]);
  });
});

test('reads that differ before the gossip has settled are no violation, and are there', () => {
  const hasty = violationsOf({ options: { settle_ms: 0.001 } });
  expect(hasty.map(({ invariant }) => invariant)).toContain(EVENTUAL);
});

test('while the network is split nothing is demanded', () => {
  const split = { kind: 'random-partition' } as const;
  const planned = { fault: split, perSecondPpm: 1e6, leastUs: 4_000_000, mostUs: 4_000_000 };
  for (const seed of SEEDS) {
    const director = new Plan({ faults: [planned], healAtUs: 4_500_000 });
    const world = worldOf(seed, { director });
    expect(run(world, limits).violation).toBeNull();
    expect(world.lastFaultAt).toBeGreaterThan(0);
  }
});

test('replicas that never converge are caught by what clients read', () => {
  const found = violationsOf({ mutants: ['lww-tie-drop'], options: { clock: 'logical' } });
  expect(found.length).toBeGreaterThan(0);
  for (const { message } of found) expect(message).toMatch(/disagree/);
});

test('replicas that do not gossip in time are caught by what clients read', () => {
  const found = violationsOf({ options: { gossip_ms: 3_600_000, settle_ms: 500 } });
  expect(found.length).toBeGreaterThan(SEEDS.length / 2);
});
