/** AppendEntries RPC, receiver implementation: extended Raft paper, Figure 2, §5.3. */
import type { NodeId } from '../../sim/engine/protocol.ts';
import { applyCommitted } from './commitment.ts';
import { followLog } from './membership-log.ts';
import type { AppendEntries, AppendEntriesReply, Entry, RaftEffects } from './messages.ts';
import type { RaftRules } from './rules.ts';
import { becomeFollower, restartElectionTimer, stopTransfer, type RaftState } from './state.ts';
import { acknowledge, noteCut, noteWrite } from './storage.ts';

/** Figure 2, AppendEntries RPC, receiver implementation. */
export function onAppendEntries(
  rules: RaftRules,
  state: RaftState,
  message: AppendEntries,
  effects: RaftEffects,
): void {
  if (!rules.followsLeaderOf(state, message.term)) {
    refuse(state, message, 0, 0, effects);
    return;
  }
  const isNewTerm = followLeader(rules, state, message.term, message.leaderId, effects);
  const { log } = state;
  // What is behind the snapshot is committed, so it agrees with every leader.
  const matches =
    message.prevLogIndex < log.baseIndex ||
    rules.matchesPrevious(log, message.prevLogIndex, message.prevLogTerm);
  if (!matches) {
    if (isNewTerm) effects.persist();
    const conflictTerm = Math.max(0, log.termAt(message.prevLogIndex));
    const conflictIndex =
      conflictTerm > 0
        ? firstIndexOfTerm(state, message.prevLogIndex, conflictTerm)
        : Math.min(message.prevLogIndex, log.lastIndex + 1);
    refuse(state, message, conflictTerm, conflictIndex, effects);
    return;
  }
  const isChanged = takeEntries(rules, state, message);
  saveLog(rules, state, isNewTerm, isChanged, effects);
  state.commitIndex = rules.followerCommit(state, message);
  applyCommitted(rules, state, effects);
  const reply: AppendEntriesReply = {
    type: 'AppendEntriesReply',
    term: state.currentTerm,
    success: true,
    prevLogIndex: message.prevLogIndex,
    matchIndex: rules.provenMatch(log, message),
    conflictTerm: 0,
    conflictIndex: 0,
    ...roundOf(message),
  };
  acknowledge(rules, state, message.leaderId, reply, effects);
}

/**
 * The acknowledgement waits for the disk: by a barrier, or by itself with asynchronous writes,
 * where the write of the entries has the term, too.
 */
function saveLog(
  rules: RaftRules,
  state: RaftState,
  isNewTerm: boolean,
  isChanged: boolean,
  effects: RaftEffects,
): void {
  if (!isNewTerm && !isChanged) return;
  const isAsync = state.storage !== null && isChanged;
  const token = effects.persist({ barrier: rules.acknowledgementWaitsForDisk && !isAsync });
  if (isChanged) noteWrite(state, token);
}

/** §5.2: who hears from a leader of this term follows it. True if the term is new. */
export function followLeader(
  rules: RaftRules,
  state: RaftState,
  term: number,
  leaderId: NodeId,
  effects: RaftEffects,
): boolean {
  const isNewTerm = term > state.currentTerm;
  if (isNewTerm || state.role !== 'follower') becomeFollower(rules, state, term, effects);
  else state.votedFor = rules.voteInTerm(state.currentTerm, term, state.votedFor);
  state.leaderId = leaderId;
  if (state.transfer !== null) stopTransfer(state, effects, leaderId);
  state.leaderContactAt = effects.now();
  restartElectionTimer(rules, state, effects);
  return isNewTerm;
}

/** Figure 2, AppendEntries 3 and 4. True if the log changed. */
function takeEntries(rules: RaftRules, state: RaftState, message: AppendEntries): boolean {
  const { log } = state;
  const before = log.version;
  const kept = rules.keepBefore(log, message);
  if (kept < log.lastIndex) noteCut(rules, state, kept);
  log.truncate(kept);
  for (let i = 0; i < message.entries.length; i++) {
    if (message.prevLogIndex + 1 + i > log.lastIndex) log.append(message.entries[i] as Entry);
  }
  if (log.version === before) return false;
  followLog(rules, state, kept + 1);
  return true;
}

function refuse(
  state: RaftState,
  message: AppendEntries,
  conflictTerm: number,
  conflictIndex: number,
  effects: RaftEffects,
): void {
  effects.send(message.leaderId, {
    type: 'AppendEntriesReply',
    term: state.currentTerm,
    success: false,
    prevLogIndex: message.prevLogIndex,
    matchIndex: 0,
    conflictTerm,
    conflictIndex,
    ...roundOf(message),
  });
}

/** A reply names the round of its heartbeat. */
function roundOf({ round }: AppendEntries): { readonly round?: number } {
  return round === undefined ? {} : { round };
}

function firstIndexOfTerm(state: RaftState, from: number, term: number): number {
  let index = from;
  while (index > state.log.firstIndex && state.log.termAt(index - 1) === term) index--;
  return index;
}
