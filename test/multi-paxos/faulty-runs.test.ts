/** Multi-Paxos under random fault plans: silent, the same twice, forks go their parent's way. */
import { expect, test } from 'vitest';
import { fingerprintText, run, type World } from '../../sim/engine/index.ts';
import { Plan, type PlannedFault } from '../../sim/faults/index.ts';
import { Digest } from '../../sim/trace/index.ts';
import { paxosWorld, type PaxosWorld } from '../helpers/paxos-world.ts';
import { survivable } from '../helpers/survivable-faults.ts';
import { soakMultiPaxos } from '../soak/multi-paxos.ts';

/** Random events that clean Multi-Paxos survives in CI; `npm run soak` has the longer figure. */
const EVENTS_IN_CI = 300_000;
/** Microseconds. */
const END = 4_000_000;
const limits = { untilUs: END, maxEvents: 100_000 };

const faults = survivable.map((fault): PlannedFault => ({
  fault,
  perSecondPpm: 200_000,
  leastUs: 100_000,
  mostUs: 900_000,
}));

function worldOf(seed: string, extra: Partial<PaxosWorld> = {}): World {
  return paxosWorld({
    seed,
    nodes: 5,
    clients: 3,
    options: { reads: 'lease', snapshotThreshold: 9, window: 4 },
    network: { latencyUs: 5_000 },
    director: new Plan({ faults, healAtUs: 3_000_000 }),
    ...extra,
  });
}

test(`clean Multi-Paxos is silent over ${EVENTS_IN_CI} random events, leases and all`, () => {
  expect(soakMultiPaxos(EVENTS_IN_CI, () => {})).toBeGreaterThanOrEqual(EVENTS_IN_CI);
});

test('equal seeds give equal hashes and equal worlds (seeds twice-1 to twice-5)', () => {
  for (let i = 1; i <= 5; i++) {
    const [first, second] = [new Digest(), new Digest()];
    const one = worldOf(`twice-${i}`, { observer: first });
    const two = worldOf(`twice-${i}`, { observer: second });
    run(one, limits);
    run(two, limits);
    expect(second.value).toBe(first.value);
    expect(fingerprintText(two)).toBe(fingerprintText(one));
    expect(one.counters.events).toBeGreaterThan(1000);
  }
});

test('a fork goes the way of its parent and does not influence it (seeds fork-1 to fork-8)', () => {
  for (let i = 1; i <= 8; i++) {
    const whole = worldOf(`fork-${i}`);
    run(whole, limits);
    const parent = worldOf(`fork-${i}`);
    run(parent, { untilUs: END, maxEvents: 400 * i });
    const fork = parent.fork();
    const before = fingerprintText(parent);
    const rest = { untilUs: END, maxEvents: limits.maxEvents - parent.counters.events };
    run(fork, rest);
    expect(fingerprintText(parent)).toBe(before);
    run(parent, rest);
    expect(fingerprintText(fork)).toBe(fingerprintText(whole));
    expect(fingerprintText(parent)).toBe(fingerprintText(whole));
  }
});
