/** Clean Raft under random faults, for millions of events: it must be silent. */
import { run } from '../../sim/engine/index.ts';
import { Plan, type PlannedFault } from '../../sim/faults/index.ts';
import { survivable } from '../helpers/survivable-faults.ts';
import { raftWorld } from '../helpers/raft-world.ts';

/** Returns the number of events; throws at the first violation, naming its seed. */
export function soakRaft(events: number, report: (done: number) => void): number {
  const faults = survivable.map((fault): PlannedFault => ({
    fault,
    perSecondPpm: 60_000,
    leastUs: 100_000,
    mostUs: 2_000_000,
  }));
  let done = 0;
  for (let index = 0; done < events; index++) {
    const seed = `silent-${index}`;
    const world = raftWorld({
      seed,
      nodes: 3 + (index % 3),
      clients: 3,
      options: { preVote: index % 2 === 0, checkQuorum: index % 4 < 2, snapshotThreshold: 50 },
      network: { latencyUs: 4_000, lossPpm: 10_000 },
      director: new Plan({ faults, healAtUs: 40_000_000 }),
      careful: false,
    });
    const { violation } = run(world, { untilUs: 45_000_000, maxEvents: 1_000_000 });
    if (violation !== null) {
      throw new Error(`seed ${seed}: ${violation.invariant}: ${violation.message}`);
    }
    done += world.counters.events;
    report(done);
  }
  return done;
}
