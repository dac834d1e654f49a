/** Log replication: extended Raft paper §5.3. */
import type { NodeId } from '../../sim/engine/protocol.ts';
import { advanceCommitIndex } from './commitment.ts';
import { membersOf } from './configuration.ts';
import { flowOf, hasRoom, isOfProbe, isOpen, noteMatch, noteSent, probeFrom } from './flow.ts';
import { followLog } from './membership-log.ts';
import type { AppendEntriesReply, Entry, RaftEffects } from './messages.ts';
import { beginRound, noteRound } from './rounds.ts';
import type { RaftRules } from './rules.ts';
import { sendSnapshot } from './snapshot.ts';
import { noteCut, noteWrite } from './storage.ts';
import { adoptNewerTerm, configurationOf, type Progress, type RaftState } from './state.ts';
import { optionsOf } from './options.ts';

/** The leader takes a new entry into its own log; it is sent and counted by others. */
export function appendEntry(
  rules: RaftRules,
  state: RaftState,
  entry: Entry,
  effects: RaftEffects,
): void {
  const index = rules.positionOfNewEntry(state);
  if (index <= state.log.lastIndex) noteCut(rules, state, index - 1);
  state.log.truncate(index - 1);
  state.log.append(entry);
  followLog(rules, state, index);
  // Followers may write in parallel with the leader (dissertation §10.2.1): no barrier.
  const token = effects.persist({ barrier: false });
  state.persisting.push({ token, index, term: entry.term });
  noteWrite(state, token);
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
  const { heartbeatMs } = optionsOf(state);
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
  const options = optionsOf(state);
  const flow = flowOf(progress, options);
  if (flow !== null && flow.isPaused) return;
  if (rules.needsSnapshot(state.log, progress.nextIndex)) {
    if (flow !== null) probeFrom(progress, flow, progress.nextIndex);
    sendSnapshot(state, to, progress, effects);
    return;
  }
  const prevLogIndex = progress.nextIndex - 1;
  const hasEntries = flow === null || hasRoom(flow, options);
  const last = hasEntries ? prevLogIndex + options.maxEntriesPerAppend : prevLogIndex;
  const entries = state.log.slice(progress.nextIndex, last);
  // Optimistic: the next message continues here. A refusal sets it back.
  if (flow === null) progress.nextIndex += entries.length;
  else noteSent(rules, progress, flow, entries, options);
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
  const flow = flowOf(progress, optionsOf(state));
  if (progress.matchIndex > before) {
    progress.snapshot = null;
    if (flow !== null) noteMatch(progress, flow);
    // Most acknowledgements come after the majority has spoken.
    if (progress.matchIndex > state.commitIndex) advanceCommitIndex(rules, state, effects);
  }
  if (state.role !== 'leader') return;
  // More than one message's worth is missing: go on at once. An answer that brought nothing new is
  // a heartbeat's (0: of one that attached to the very beginning): whatever is unacknowledged may
  // have been lost, so ask where the follower is.
  const isBehind = progress.matchIndex < state.log.lastIndex;
  const isHeartbeat = reply.matchIndex === before || reply.matchIndex === 0;
  if (isHeartbeat && flow !== null && rules.heartbeatAnswerResumes) flow.isPaused = false;
  if (progress.nextIndex <= state.log.lastIndex || (isBehind && isHeartbeat)) {
    sendAppendEntries(rules, state, from, effects);
  }
  // A window is filled as far as it goes.
  if (flow === null) return;
  const hasMore = () => isOpen(flow) && progress.nextIndex <= state.log.lastIndex;
  while (hasMore()) sendAppendEntries(rules, state, from, effects);
}

function onRefusal(
  rules: RaftRules,
  state: RaftState,
  from: NodeId,
  progress: Progress,
  reply: AppendEntriesReply,
  effects: RaftEffects,
): void {
  const flow = flowOf(progress, optionsOf(state));
  if (flow !== null && !isOfProbe(progress, flow, reply)) return;
  const next = rules.nextAfterRefusal(state, progress, reply);
  // While a snapshot is under way, refusals are of requests that it will overtake.
  if (next >= progress.nextIndex || progress.snapshot !== null) return;
  progress.nextIndex = next;
  if (flow !== null) probeFrom(progress, flow, next);
  sendAppendEntries(rules, state, from, effects);
}
