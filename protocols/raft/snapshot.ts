/** Log compaction: extended Raft paper §7. Taking snapshots and sending them in pieces. */
import type { NodeId } from '../../sim/engine/protocol.ts';
import { deepFreeze } from '../../sim/engine/clone.ts';
import type { RaftEffects } from './messages.ts';
import type { Progress, RaftState, Snapshot } from './state.ts';

/** Each server takes snapshots on its own, of what it has applied. */
export function takeSnapshotIfDue(state: RaftState, effects: RaftEffects): void {
  const { snapshotThreshold, trailingEntries } = state.options;
  const since = state.lastApplied - (state.snapshot?.lastIncludedIndex ?? 0);
  if (snapshotThreshold === 0 || since < snapshotThreshold) return;
  state.snapshot = deepFreeze<Snapshot>({
    lastIncludedIndex: state.lastApplied,
    lastIncludedTerm: state.log.termAt(state.lastApplied),
    machine: state.machine.snapshot(),
  });
  state.log.compact(state.lastApplied - trailingEntries);
  effects.persist({ barrier: false });
}

/** Sends the next piece of the newest snapshot. */
export function sendSnapshot(
  state: RaftState,
  to: NodeId,
  progress: Progress,
  effects: RaftEffects,
): void {
  const { snapshot } = state;
  if (snapshot === null) return;
  const { lastIncludedIndex, lastIncludedTerm } = snapshot;
  if (progress.snapshot?.lastIncludedIndex !== lastIncludedIndex) {
    progress.snapshot = { lastIncludedIndex, offset: 0 };
  }
  if (state.outgoing?.lastIncludedIndex !== lastIncludedIndex) {
    state.outgoing = { lastIncludedIndex, text: JSON.stringify(snapshot.machine) };
  }
  const { offset } = progress.snapshot;
  const end = offset + state.options.snapshotChunkSize;
  effects.send(to, {
    type: 'InstallSnapshot',
    term: state.currentTerm,
    leaderId: effects.self,
    lastIncludedIndex,
    lastIncludedTerm,
    offset,
    data: state.outgoing.text.slice(offset, end),
    done: end >= state.outgoing.text.length,
  });
}
