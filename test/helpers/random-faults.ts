/** Random plans of faults, and what a hunt for mutants throws at a cluster. */
import * as fc from 'fast-check';
import { run } from '../../sim/engine/index.ts';
import { Plan, type Fault, type PlannedFault } from '../../sim/faults/index.ts';
import { entryWorld, type EntryWorld } from './entry-world.ts';

/** Microseconds: faults until FAULTY, then a whole network until END. */
export const FAULTY = 4_000_000;
const END = 5_000_000;
export const limits = { untilUs: END, maxEvents: 100_000 };

/** Cases of up to six of these faults at random times. */
export function casesOf(name: string, faults: readonly Fault[], nodes: readonly number[]) {
  const planned = fc
    .record({
      fault: fc.constantFrom(...faults),
      perSecondPpm: fc.integer({ min: 100_000, max: 900_000 }),
      leastUs: fc.integer({ min: 50_000, max: 500_000 }),
      span: fc.integer({ min: 0, max: 1_000_000 }),
    })
    .map(({ span, ...rest }): PlannedFault => ({ ...rest, mostUs: rest.leastUs + span }));
  return fc.record({
    seed: fc.integer({ min: 0, max: 0xffff }).map((seed) => `${name}-${seed}`),
    nodes: fc.constantFrom(...nodes),
    faults: fc.uniqueArray(planned, {
      minLength: 1,
      maxLength: 6,
      size: 'max',
      selector: ({ fault }) => JSON.stringify(fault),
    }),
  });
}

export type Case = ReturnType<typeof casesOf> extends fc.Arbitrary<infer Value> ? Value : never;

/** A world in which the case happens. */
export function worldOf({ seed, nodes, faults }: Case, wanted: EntryWorld) {
  return entryWorld({
    seed,
    nodes,
    clients: 4,
    network: { latencyUs: 5_000 },
    director: new Plan({ faults, healAtUs: FAULTY }),
    ...wanted,
  });
}

/** The first invariant that falls under these faults within so many seeds, or null. */
export function hunt(faults: readonly Fault[], seeds: number, wanted: EntryWorld): string | null {
  const planned = faults.map((fault): PlannedFault => ({
    fault,
    perSecondPpm: 900_000,
    leastUs: 300_000,
    mostUs: 900_000,
  }));
  for (let seed = 1; seed <= seeds; seed++) {
    const one = { seed: `hunt-${seed}`, nodes: wanted.nodes ?? 3, faults: planned };
    const world = worldOf(one, { clients: 6, ...wanted });
    const { violation } = run(world, limits);
    if (violation !== null) return violation.invariant;
  }
  return null;
}
