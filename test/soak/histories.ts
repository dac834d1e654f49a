/** What clients of clean Raft saw under random faults must be linearizable. */
import { historyInvariants } from '../../invariants/history/monitor.ts';
import { run } from '../../sim/engine/index.ts';
import { Plan, type PlannedFault } from '../../sim/faults/index.ts';
import { Recorder } from '../../sim/history/recorder.ts';
import { defaultAppend } from '../../sim/history/workloads/append.ts';
import { defaultCounter } from '../../sim/history/workloads/counter.ts';
import { defaultListAppend } from '../../sim/history/workloads/list-append.ts';
import { defaultMap } from '../../sim/history/workloads/registers.ts';
import type { ReadMode } from '../../protocols/raft/options.ts';
import { raftWorld } from '../helpers/raft-world.ts';
import { survivable, withinClockBound } from '../helpers/survivable-faults.ts';

const kinds = [defaultMap, defaultAppend, defaultCounter, defaultListAppend];
const reads: readonly ReadMode[] = ['log', 'read-index', 'lease', 'follower'];
const wanted = ['history/linearizable', 'history/exactly-once'];

const often = { perSecondPpm: 120_000, leastUs: 100_000, mostUs: 1_500_000 };

/** Throws at the first history that is not what Raft promises, naming its seed. */
export function soakHistories(
  runs: number,
  report: (done: number) => void,
): { readonly runs: number; readonly operations: number; readonly judged: number } {
  const invariants = historyInvariants.filter(({ id }) => wanted.includes(id));
  let operations = 0;
  let judged = 0;
  for (let index = 0; index < runs; index++) {
    const seed = `history-${index}`;
    const history = new Recorder();
    const mode = reads[(index >> 2) % reads.length] as ReadMode;
    const faults = mode === 'lease' ? withinClockBound.faults : survivable;
    const planned = faults.map((fault): PlannedFault => ({ fault, ...often }));
    const world = raftWorld({
      seed,
      nodes: 3 + (index % 3),
      clients: 4,
      operations: kinds[index % kinds.length],
      history,
      options: {
        reads: mode,
        clockBoundMs: withinClockBound.clockBoundMs,
        checkQuorum: index % 2 === 0,
        snapshotThreshold: 20,
      },
      network: { latencyUs: 4_000, lossPpm: 20_000 },
      director: new Plan({ faults: planned, healAtUs: 5_000_000 }),
      invariants,
      careful: false,
    });
    const { violation } = run(world, { untilUs: 7_000_000, maxEvents: 100_000 });
    if (violation !== null) {
      throw new Error(`seed ${seed}: ${violation.invariant}: ${violation.message}`);
    }
    operations += history.answers;
    if (!world.unjudged.includes('history/linearizable')) judged++;
    report(index + 1);
  }
  return { runs, operations, judged };
}
