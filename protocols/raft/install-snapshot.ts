/** InstallSnapshot RPC: extended Raft paper §7, Figure 13. */
import type { NodeId } from '../../sim/engine/protocol.ts';
import { deepFreeze } from '../../sim/engine/clone.ts';
import { Machine, type MachineSnapshot } from '../common/state-machine.ts';
import type { InstallSnapshot, InstallSnapshotReply, RaftEffects } from './messages.ts';
import { baseConfiguration, followSnapshot } from './membership-log.ts';
import { flowOf, probeFrom } from './flow.ts';
import { followLeader } from './append-entries.ts';
import { sendAppendEntries } from './replication.ts';
import type { RaftRules } from './rules.ts';
import { sendSnapshot } from './snapshot.ts';
import { noteCut, noteWrite } from './storage.ts';
import { adoptNewerTerm, type RaftState, type Snapshot } from './state.ts';
import { optionsOf } from './options.ts';

/** Figure 13, InstallSnapshot RPC, receiver implementation. */
export function onInstallSnapshot(
  rules: RaftRules,
  state: RaftState,
  message: InstallSnapshot,
  effects: RaftEffects,
): void {
  if (message.term < state.currentTerm) {
    reply(state, message, 0, false, effects);
    return;
  }
  if (followLeader(rules, state, message.term, message.leaderId, effects)) effects.persist();
  if (!rules.wantsSnapshot(state, message.lastIncludedIndex)) {
    state.incoming = null;
    reply(state, message, 0, true, effects);
    return;
  }
  const text = takePiece(rules, state, message);
  if (text === null) {
    reply(state, message, state.incoming?.text.length ?? 0, false, effects);
    return;
  }
  state.incoming = null;
  install(rules, state, message, JSON.parse(text) as MachineSnapshot, effects);
  noteWrite(state, effects.persist());
  reply(state, message, 0, true, effects);
}

/** Figure 13, 2–4: pieces are put together in order; returns the whole once it is there. */
function takePiece(rules: RaftRules, state: RaftState, message: InstallSnapshot): string | null {
  const { lastIncludedIndex, lastIncludedTerm, offset, data, done } = message;
  const { incoming } = state;
  const isSame =
    incoming?.lastIncludedIndex === lastIncludedIndex &&
    incoming.lastIncludedTerm === lastIncludedTerm;
  if (!isSame) state.incoming = { lastIncludedIndex, lastIncludedTerm, text: '' };
  const target = state.incoming;
  // A repeated or early piece changes nothing: the reply says where to go on.
  if (target === null || !rules.takesPiece(target.text.length, offset)) return null;
  target.text += data;
  return done ? target.text : null;
}

/** Figure 13, 5–8. */
function install(
  rules: RaftRules,
  state: RaftState,
  message: InstallSnapshot,
  machine: MachineSnapshot,
  effects: RaftEffects,
): void {
  const { lastIncludedIndex, lastIncludedTerm, lastConfig = null } = message;
  const snapshot = { lastIncludedIndex, lastIncludedTerm, machine, lastConfig };
  state.snapshot = deepFreeze<Snapshot>(snapshot);
  state.votedFor = rules.voteAfterSnapshot(state.votedFor);
  state.currentTerm = rules.termAfterSnapshot(state.currentTerm, lastIncludedTerm);
  if (rules.keepsSuffix(state.log, lastIncludedIndex, lastIncludedTerm)) {
    state.log.compact(lastIncludedIndex);
  } else {
    noteCut(rules, state, lastIncludedIndex);
    state.log.reset(lastIncludedIndex, lastIncludedTerm);
  }
  const base = baseConfiguration(rules, lastConfig, optionsOf(state), effects);
  followSnapshot(rules, state, base);
  state.machine = Machine.restore(state.snapshot.machine);
  state.commitIndex = lastIncludedIndex;
  state.lastApplied = lastIncludedIndex;
}

function reply(
  state: RaftState,
  message: InstallSnapshot,
  nextOffset: number,
  done: boolean,
  effects: RaftEffects,
): void {
  effects.send(message.leaderId, {
    type: 'InstallSnapshotReply',
    term: state.currentTerm,
    lastIncludedIndex: message.lastIncludedIndex,
    nextOffset,
    done,
  });
}

/** The leader goes on where the follower is; a finished snapshot counts as a match. */
export function onInstallSnapshotReply(
  rules: RaftRules,
  state: RaftState,
  from: NodeId,
  message: InstallSnapshotReply,
  effects: RaftEffects,
): void {
  if (adoptNewerTerm(rules, state, message.term, effects)) {
    effects.persist();
    return;
  }
  const progress = state.progress[from];
  if (state.role !== 'leader' || progress === undefined) return;
  if (!rules.countsSnapshotReply(state, message.term)) return;
  progress.active = true;
  if (message.done) {
    progress.snapshot = null;
    progress.matchIndex = Math.max(progress.matchIndex, message.lastIncludedIndex);
    progress.nextIndex = Math.max(progress.nextIndex, progress.matchIndex + 1);
    const flow = flowOf(progress, optionsOf(state));
    if (flow !== null) probeFrom(progress, flow, progress.matchIndex + 1);
    if (progress.nextIndex <= state.log.lastIndex) {
      sendAppendEntries(rules, state, from, effects);
    }
    return;
  }
  const { snapshot } = progress;
  // What is confirmed twice is not answered twice; a lost piece is sent again by the heartbeat. The
  // place may also go back: a follower that restarted has lost the pieces it had.
  if (snapshot?.lastIncludedIndex !== message.lastIncludedIndex) return;
  if (message.nextOffset === snapshot.offset) return;
  snapshot.offset = message.nextOffset;
  sendSnapshot(state, from, progress, effects);
}
