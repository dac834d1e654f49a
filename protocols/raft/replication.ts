/** Log replication: extended Raft paper §5.3. */
import type { NodeId } from '../../sim/engine/protocol.ts';
import { advanceCommitIndex, applyCommitted } from './commitment.ts';
import { membersOf } from './configuration.ts';
import { followLog } from './membership-log.ts';
import type { AppendEntries, AppendEntriesReply, Entry, RaftEffects } from './messages.ts';
import { beginRound, noteRound } from './rounds.ts';
import type { RaftRules } from './rules.ts';
import { sendSnapshot } from './snapshot.ts';
import {
  adoptNewerTerm,
  becomeFollower,
  configurationOf,
  restartElectionTimer,
  stopTransfer,
  type Progress,
  type RaftState,
} from './state.ts';

/** The leader takes a new entry into its own log; it is sent and counted by others. */
export function appendEntry(
  rules: RaftRules,
  state: RaftState,
  entry: Entry,
  effects: RaftEffects,
): void {
  const index = rules.positionOfNewEntry(state);
  state.log.truncate(index - 1);
  state.log.append(entry);
  followLog(rules, state, index);
  // Followers may write in parallel with the leader (dissertation §10.2.1): no barrier.
  const token = effects.persist({ barrier: false });
  state.persisting.push({ token, index, term: entry.term });
  if (!rules.countsOwnCopyWhenDurable) countOwnCopy(rules, state, index, effects);
}

/** The disk has the leader's entries up to some write: from now on its own copy counts. */
export function onOwnEntriesDurable(
  rules: RaftRules,
  state: RaftState,
  token: number,
  effects: RaftEffects,
): void {
  let durable = 0;
  const { persisting } = state;
  while (persisting.length > 0 && (persisting[0]?.token ?? Infinity) <= token) {
    const written = persisting.shift();
    // An entry that was overwritten in the meantime is not the one that was written.
    if (written !== undefined && state.log.termAt(written.index) === written.term) {
      durable = written.index;
    }
  }
  if (durable > 0 && state.role === 'leader') countOwnCopy(rules, state, durable, effects);
}

function countOwnCopy(
  rules: RaftRules,
  state: RaftState,
  index: number,
  effects: RaftEffects,
): void {
  const own = state.progress[effects.self];
  if (own === undefined) return;
  own.matchIndex = Math.max(own.matchIndex, index);
  own.nextIndex = own.matchIndex + 1;
  advanceCommitIndex(rules, state, effects);
}

/** Figure 2, leaders: send every follower what it lacks. */
export function broadcastAppendEntries(
  rules: RaftRules,
  state: RaftState,
  effects: RaftEffects,
): void {
  for (const server of membersOf(configurationOf(state))) {
    // A snapshot goes piece by piece, each when the one before it is confirmed.
    const isTakingSnapshot = (state.progress[server]?.snapshot ?? null) !== null;
    if (server === effects.self || isTakingSnapshot) continue;
    sendAppendEntries(rules, state, server, effects);
  }
}

export function restartHeartbeatTimer(state: RaftState, effects: RaftEffects): void {
  const { heartbeatMs } = state.options;
  effects.setTimer('heartbeat', heartbeatMs, heartbeatMs);
}

/** Figure 2, leaders: an empty AppendEntries to everyone, now and again and again. */
export function sendHeartbeats(rules: RaftRules, state: RaftState, effects: RaftEffects): void {
  restartHeartbeatTimer(state, effects);
  const round = beginRound(rules, state, effects);
  for (const server of membersOf(configurationOf(state))) {
    if (server === effects.self) continue;
    const matchIndex = state.progress[server]?.matchIndex ?? 0;
    // It attaches to what is known to match, so nobody refuses it; else to the very beginning.
    const prevLogIndex = state.log.termAt(matchIndex) < 0 ? 0 : matchIndex;
    effects.send(server, {
      type: 'AppendEntries',
      term: state.currentTerm,
      leaderId: effects.self,
      prevLogIndex,
      prevLogTerm: prevLogIndex === 0 ? 0 : state.log.termAt(prevLogIndex),
      entries: [],
      leaderCommit: state.commitIndex,
      ...(round === undefined ? {} : { round }),
    });
  }
}

/** Sends what the follower lacks; a snapshot when the log no longer has it (§7). */
export function sendAppendEntries(
  rules: RaftRules,
  state: RaftState,
  to: NodeId,
  effects: RaftEffects,
): void {
  const progress = state.progress[to];
  if (progress === undefined) return;
  if (rules.needsSnapshot(state.log, progress.nextIndex)) {
    sendSnapshot(state, to, progress, effects);
    return;
  }
  const prevLogIndex = progress.nextIndex - 1;
  const last = prevLogIndex + state.options.maxEntriesPerAppend;
  const entries = state.log.slice(progress.nextIndex, last);
  // Optimistic: the next message continues here. A refusal sets it back.
  progress.nextIndex += entries.length;
  effects.send(to, {
    type: 'AppendEntries',
    term: state.currentTerm,
    leaderId: effects.self,
    prevLogIndex,
    prevLogTerm: state.log.termAt(prevLogIndex),
    entries,
    leaderCommit: state.commitIndex,
  });
}

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
  if (isNewTerm || isChanged) effects.persist({ barrier: rules.acknowledgementWaitsForDisk });
  state.commitIndex = rules.followerCommit(state, message);
  applyCommitted(rules, state, effects);
  effects.send(message.leaderId, {
    type: 'AppendEntriesReply',
    term: state.currentTerm,
    success: true,
    prevLogIndex: message.prevLogIndex,
    matchIndex: rules.provenMatch(log, message),
    conflictTerm: 0,
    conflictIndex: 0,
    ...roundOf(message),
  });
}

/** §5.2: a message from a leader of this term makes a candidate follow. True if the term is new. */
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

/** Figure 2, leaders: on success remember and commit, on refusal step back and retry. */
export function onAppendEntriesReply(
  rules: RaftRules,
  state: RaftState,
  from: NodeId,
  reply: AppendEntriesReply,
  effects: RaftEffects,
): void {
  if (rules.learnsTermFromReply && adoptNewerTerm(rules, state, reply.term, effects)) {
    effects.persist();
    return;
  }
  const progress = state.progress[from];
  if (state.role !== 'leader' || progress === undefined) return;
  noteRound(rules, state, from, reply, effects);
  if (!rules.countsAppendReply(state, reply.term)) return;
  progress.active = true;
  if (reply.success) onSuccess(rules, state, from, progress, reply, effects);
  else onRefusal(rules, state, from, progress, reply, effects);
}

function onSuccess(
  rules: RaftRules,
  state: RaftState,
  from: NodeId,
  progress: Progress,
  reply: AppendEntriesReply,
  effects: RaftEffects,
): void {
  const before = progress.matchIndex;
  progress.matchIndex = rules.newMatchIndex(progress, reply);
  progress.nextIndex = Math.max(progress.nextIndex, progress.matchIndex + 1);
  if (progress.matchIndex > before) {
    progress.snapshot = null;
    // Most acknowledgements come after the majority has spoken.
    if (progress.matchIndex > state.commitIndex) advanceCommitIndex(rules, state, effects);
  }
  if (state.role !== 'leader') return;
  // More than one message's worth is missing: go on at once. An answer that brought nothing new is
  // a heartbeat's (0: of one that attached to the very beginning): whatever is unacknowledged may
  // have been lost, so ask where the follower is.
  const isBehind = progress.matchIndex < state.log.lastIndex;
  const isHeartbeat = reply.matchIndex === before || reply.matchIndex === 0;
  if (progress.nextIndex <= state.log.lastIndex || (isBehind && isHeartbeat)) {
    sendAppendEntries(rules, state, from, effects);
  }
}

function onRefusal(
  rules: RaftRules,
  state: RaftState,
  from: NodeId,
  progress: Progress,
  reply: AppendEntriesReply,
  effects: RaftEffects,
): void {
  const next = rules.nextAfterRefusal(state, progress, reply);
  // While a snapshot is under way, refusals are of requests that it will overtake.
  if (next >= progress.nextIndex || progress.snapshot !== null) return;
  progress.nextIndex = next;
  sendAppendEntries(rules, state, from, effects);
}
