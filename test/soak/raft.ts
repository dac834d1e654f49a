/** Clean Raft under random faults, for millions of events: it must be silent. */
import { run } from '../../sim/engine/index.ts';
import { Plan, type PlannedFault, type RequestFault } from '../../sim/faults/index.ts';
import type { ReadMode } from '../../protocols/raft/options.ts';
import { survivable } from '../helpers/survivable-faults.ts';
import { raftWorld } from '../helpers/raft-world.ts';

/** What the administrator asks whoever leads, each about once in five seconds. */
const wishes = ['n1', 'n2', 'n3', 'n4', 'n5', 'n6'].flatMap((node, i, nodes): PlannedFault[] => {
  const type = 'change-membership';
  const others = [nodes[(i + 1) % 6], nodes[(i + 2) % 6]].join(',');
  const commands: RequestFault['command'][] = [
    { type, add: node },
    { type, remove: node },
    { type, learn: node },
    { type, add: others, remove: node, joint: 'auto' },
    { type: 'transfer-leadership', to: node },
  ];
  return commands.map((command) => ({
    fault: { kind: 'request', node: '{leader}', command },
    perSecondPpm: 200_000,
    leastUs: 1,
    mostUs: 1,
  }));
});

const reads: readonly ReadMode[] = ['read-index', 'log', 'lease', 'follower', 'read-index'];

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
    // In every fourth cluster three of six servers begin, and an administrator is busy.
    const isChanging = index % 4 === 3;
    const options = {
      preVote: index % 2 === 0,
      checkQuorum: index % 8 < 4,
      snapshotThreshold: 50,
      snapshotChunkSize: 300,
      maxEntriesPerAppend: index % 5 < 3 ? 64 : 2,
      maxInflight: index % 3 === 0 ? 0 : (index % 7) + 1,
      maxInflightBytes: index % 6 === 1 ? 200 : 0,
      asyncStorage: index % 4 < 2,
      applyMs: index % 5 === 2 ? 20 : 0,
      reads: reads[index % reads.length] as ReadMode,
      clockBoundMs: 60,
      members: isChanging ? ['n1', 'n2', 'n3'] : null,
    };
    const planned = isChanging ? [...faults, ...wishes] : faults;
    const world = raftWorld({
      seed,
      nodes: isChanging ? 6 : 3 + (index % 3),
      clients: 3,
      options,
      network: { latencyUs: 4_000, lossPpm: 10_000 },
      director: new Plan({ faults: planned, healAtUs: 40_000_000 }),
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
