/** PBFT under random fault plans of nodes that crash and networks that fail: nobody lies here. */
import { describe, expect, test } from 'vitest';
import { fingerprintText, run } from '../../sim/engine/index.ts';
import { Plan, type PlannedFault } from '../../sim/faults/index.ts';
import { Recorder } from '../../sim/history/recorder.ts';
import { pbftInvariants } from '../../invariants/pbft/index.ts';
import { linearizable, pbftWorld, type PbftWorld } from '../helpers/pbft-world.ts';
import { survivable } from '../helpers/survivable-faults.ts';
import { soakPbft } from '../soak/pbft.ts';

/** Random events that clean PBFT survives in CI; `npm run soak` has the longer figure. */
const EVENTS_IN_CI = 400_000;

/** Microseconds: faults until FAULTY, then a whole network until END. */
const FAULTY = 8_000_000;
const END = 11_000_000;

const faults = survivable.map((fault): PlannedFault => ({
  fault,
  perSecondPpm: 100_000,
  leastUs: 100_000,
  mostUs: 1_000_000,
}));

function worldOf(seed: number, extra: Partial<PbftWorld> = {}) {
  return pbftWorld({
    seed: `faulty-${seed}`,
    nodes: [4, 5, 7][seed % 3] as number,
    clients: 3,
    options: { checkpointInterval: seed % 2 === 0 ? 4 : 16 },
    network: { latencyUs: 5_000 },
    director: new Plan({ faults, healAtUs: FAULTY }),
    ...extra,
  });
}

const until = (untilUs: number) => ({ untilUs, maxEvents: 1_000_000 });

describe('PBFT under crashes, partitions and loss', () => {
  test('gives linearizable histories and goes on when all is well again (6 runs)', () => {
    for (let seed = 0; seed < 6; seed++) {
      const invariants = [...pbftInvariants, ...linearizable];
      const world = worldOf(seed, { history: new Recorder(), invariants });
      expect(run(world, until(END - 1_000_000)).violation).toBeNull();
      const before = world.clients.map(({ sequence }) => sequence);
      expect(run(world, until(END)).violation).toBeNull();
      const after = world.clients.map(({ sequence }) => sequence);
      after.forEach((count, client) => {
        expect(count, `faulty-${seed}`).toBeGreaterThan((before[client] as number) + 3);
      });
    }
  });

  test('is the same run twice, and a fork goes the way of its parent (2 runs)', () => {
    for (let seed = 0; seed < 2; seed++) {
      const whole = worldOf(seed);
      run(whole, until(END));
      const parent = worldOf(seed);
      run(parent, { untilUs: END, maxEvents: 3000 });
      const fork = parent.fork();
      run(fork, until(END));
      run(parent, until(END));
      expect(fingerprintText(parent)).toBe(fingerprintText(whole));
      expect(fingerprintText(fork)).toBe(fingerprintText(whole));
    }
  });

  test(`is silent over ${EVENTS_IN_CI} random events`, () => {
    expect(soakPbft(EVENTS_IN_CI, () => {})).toBeGreaterThanOrEqual(EVENTS_IN_CI);
  });
});
