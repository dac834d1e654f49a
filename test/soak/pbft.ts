/** Clean PBFT under random faults, for many events: it must be silent. */
import { run } from '../../sim/engine/index.ts';
import { Plan, type PlannedFault } from '../../sim/faults/index.ts';
import { pbftWorld } from '../helpers/pbft-world.ts';
import { survivable } from '../helpers/survivable-faults.ts';

/** Clusters of one fault and of two, and one that is larger than it needs to be. */
const sizes = [4, 7, 5, 4, 6];

/** Returns the number of events; throws at the first violation, naming its seed. */
export function soakPbft(events: number, report: (done: number) => void): number {
  const faults = survivable.map((fault): PlannedFault => ({
    fault,
    perSecondPpm: 60_000,
    leastUs: 100_000,
    mostUs: 2_000_000,
  }));
  let done = 0;
  for (let index = 0; done < events; index++) {
    const seed = `silent-${index}`;
    const world = pbftWorld({
      seed,
      nodes: sizes[index % sizes.length] as number,
      clients: 3,
      options: { checkpointInterval: index % 2 === 0 ? 4 : 16, windowSize: 32, maxBatch: 2 },
      network: { latencyUs: 4_000, lossPpm: 10_000 },
      director: new Plan({ faults, healAtUs: 20_000_000 }),
      careful: false,
    });
    const { violation } = run(world, { untilUs: 25_000_000, maxEvents: 1_000_000 });
    if (violation !== null) {
      throw new Error(`seed ${seed}: ${violation.invariant}: ${violation.message}`);
    }
    done += world.counters.events;
    report(done);
  }
  return done;
}
