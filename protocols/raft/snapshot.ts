/** Log compaction: extended Raft paper §7. Taking snapshots and sending them in pieces. */
import type { NodeId } from '../../sim/engine/protocol.ts';
import { deepFreeze } from '../../sim/engine/clone.ts';
import { configurationAt, forgetCompacted } from './membership-log.ts';
import type { RaftEffects } from './messages.ts';
import type { RaftRules } from './rules.ts';
import type { Progress, RaftState, Snapshot } from './state.ts';
import { optionsOf } from './options.ts';

/** Each server takes snapshots on its own, of what it has applied. */
export function takeSnapshotIfDue(rules: RaftRules, state: RaftState, effects: RaftEffects): void {
  const { snapshotThreshold, trailingEntries } = optionsOf(state);
  const since = state.lastApplied - (state.snapshot?.lastIncludedIndex ?? 0);
  if (snapshotThreshold === 0 || since < snapshotThreshold) return;
  const lastConfig = configurationAt(state, state.lastApplied);
  state.snapshot = deepFreeze<Snapshot>({
    lastIncludedIndex: state.lastApplied,
    lastIncludedTerm: state.log.termAt(state.lastApplied),
    machine: rules.machineInSnapshot(state.machine.snapshot()),
    lastConfig: lastConfig.index === 0 ? null : lastConfig,
  });
  state.log.compact(state.lastApplied - trailingEntries);
  forgetCompacted(state);
  effects.persist({ barrier: false });
}

/** Sends the next piece of the snapshot that is under way, else the first of the newest. */
export function sendSnapshot(
  state: RaftState,
  to: NodeId,
  progress: Progress,
  effects: RaftEffects,
): void {
  if (progress.snapshot === null) {
    if (state.snapshot === null) return;
    const { lastIncludedIndex, lastIncludedTerm, lastConfig, machine } = state.snapshot;
    const text = JSON.stringify(machine);
    progress.snapshot = { lastIncludedIndex, lastIncludedTerm, lastConfig, text, offset: 0 };
  }
  const { lastIncludedIndex, lastIncludedTerm, lastConfig, text, offset } = progress.snapshot;
  const end = offset + optionsOf(state).snapshotChunkSize;
  effects.send(to, {
    type: 'InstallSnapshot',
    term: state.currentTerm,
    leaderId: effects.self,
    lastIncludedIndex,
    lastIncludedTerm,
    ...(lastConfig === null ? {} : { lastConfig }),
    offset,
    data: text.slice(offset, end),
    done: end >= text.length,
  });
}
