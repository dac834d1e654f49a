/** The detector: one shard gathers who waits for whom, and ends every cycle that it sees. */
import type { NodeId } from '../../../sim/engine/protocol.ts';
import { findCycle, victimOf } from '../locking/deadlocks.ts';
import type { CommitEffects, WaitsFor } from './messages.ts';
import type { CommitState } from './state.ts';

/**
 * Reports are of different moments, so a cycle may be gone by now, or never have been: that costs
 * its victim an attempt, and nothing else.
 */
export function onWaitsFor(
  state: CommitState,
  from: NodeId,
  { waits }: WaitsFor,
  effects: CommitEffects,
): void {
  state.reports = [...state.reports.filter(({ shard }) => shard !== from), { shard: from, waits }];
  for (;;) {
    const all = state.reports.flatMap((report) => report.waits);
    const victim = victimOf(findCycle(all), all);
    if (victim === null) return;
    effects.send(victim.shard, { type: 'EndDeadlock', id: victim.waiter });
    state.reports = state.reports.map((report) => ({
      shard: report.shard,
      waits: report.waits.filter(({ waiter }) => waiter !== victim.waiter),
    }));
  }
}
