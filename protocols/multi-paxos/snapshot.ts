/** Snapshots and truncation: Paxos Made Live §5.5; each node takes its own of what it applied. */
import { deepFreeze } from '../../sim/engine/clone.ts';
import type { MultiPaxosEffects, Snapshot } from './messages.ts';
import type { MultiPaxosState } from './state.ts';

/** What is in the snapshot is decided, so the acceptor forgets it in the same write. */
export function takeSnapshotIfDue(state: MultiPaxosState, effects: MultiPaxosEffects): void {
  const { snapshotThreshold, trailingSlots } = state.options;
  const { applied, chosen, accepted } = state;
  const since = applied - (state.snapshot?.slot ?? 0);
  if (snapshotThreshold === 0 || since < snapshotThreshold) return;
  state.snapshot = deepFreeze<Snapshot>({
    slot: applied,
    origin: chosen.get(applied)?.value.origin ?? 0,
    machine: state.machine.snapshot(),
    configurations: state.configurations,
  });
  const base = applied - trailingSlots;
  const origin = chosen.get(base)?.value.origin ?? 0;
  chosen.truncate(base, origin);
  accepted.truncate(base, origin);
  effects.persist({ barrier: false });
}
