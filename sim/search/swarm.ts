/**
 * Timed simulation under swarm fault plans: each run turns a random subset of the kinds of faults
 * on, then events happen in the order of virtual time. Groce et al., "Swarm testing" (ISSTA 2012);
 * the way of FoundationDB's and TigerBeetle's simulators. It sees what only time can show, and is
 * slow to find what lies in the order of events.
 */
import { run, timed } from '../engine/index.ts';
import { ordinaryFaults, Plan, planParts, randomLies, randomPartitions } from '../faults/index.ts';
import type { PlanConfig } from '../faults/index.ts';
import type { Arm, UnderSearch } from './arm.ts';
import { Chance } from './chance.ts';

/** When all faults of a run are over. */
export const HEAL_AT_US = 4_000_000;
/** Long enough after the last fault for bounded liveness to be judged. */
const UNTIL_US = 9_000_000;
const MOST_EVENTS = 20_000;
/** One fault of each kind in at most so many seconds. */
const SLOWEST = 4;

export const swarm: Arm = {
  name: 'swarm',
  source: 'Groce et al., Swarm testing, ISSTA 2012',
  begin: (ground) => ({
    run(number, watch) {
      const worldSeed = ground.timedSeedOf(number);
      const world = ground.make(worldSeed, timed);
      const isByzantine = world.adversary !== null;
      const plan = new Plan(swarmPlan(world.nodes.length, ground.seedOf(number), isByzantine));
      plan.begin(world);
      // The plan knows when its faults are over; the search has none of its own.
      world.director = (world.director as UnderSearch).replacedBy(plan);
      watch?.(world);
      const { events, violation } = run(world, { untilUs: UNTIL_US, maxEvents: MOST_EVENTS });
      return { events, violation, world, worldSeed };
    },
  }),
};

/** Which kinds of faults, and how often. */
export function swarmPlan(nodes: number, seed: number, isByzantine = false): PlanConfig {
  const chance = new Chance(seed);
  const parts = planParts.filter(() => chance.below(2) === 0);
  const faults = ordinaryFaults(nodes, parts, 1 + chance.below(SLOWEST));
  const cuts = chance.below(2) === 0 ? [] : [randomPartitions((1 + chance.below(5)) / 10)];
  const lies = isByzantine ? randomLies(1 + chance.below(SLOWEST)) : [];
  return { faults: [...faults, ...cuts, ...lies], healAtUs: HEAL_AT_US };
}
