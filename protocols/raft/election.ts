/** Leader election: extended Raft paper §5.2, with the restriction of §5.4.1. */
import type { NodeId } from '../../sim/engine/protocol.ts';
import { decided } from './agreement.ts';
import { membersOf } from './configuration.ts';
import type { RaftEffects, RequestVote, RequestVoteReply } from './messages.ts';
import { appendEntry, broadcastAppendEntries, restartHeartbeatTimer } from './replication.ts';
import type { RaftRules } from './rules.ts';
import {
  adoptNewerTerm,
  configurationOf,
  hearsLeader,
  restartElectionTimer,
  sendToVoters,
  stopTransfer,
  type RaftState,
} from './state.ts';
import { optionsOf } from './options.ts';

/** Figure 2, candidates: begin a term, vote for yourself, ask everyone. */
export function startElection(
  rules: RaftRules,
  state: RaftState,
  effects: RaftEffects,
  isTransfer = false,
): void {
  state.currentTerm++;
  state.role = 'candidate';
  state.leaderId = null;
  state.votedFor = effects.self;
  state.votesGranted = [];
  restartElectionTimer(rules, state, effects);
  effects.log({ event: 'election_started', term: state.currentTerm });
  // The own vote counts once it is durable (onPersisted); the requests wait for it as well.
  state.voteToken = effects.persist({ barrier: rules.candidateWaitsForDisk });
  const request: RequestVote = {
    type: 'RequestVote',
    term: state.currentTerm,
    candidateId: effects.self,
    lastLogIndex: state.log.lastIndex,
    lastLogTerm: state.log.lastTerm,
    ...(isTransfer ? { leadershipTransfer: true } : {}),
  };
  sendToVoters(state, request, effects);
  if (!rules.candidateWaitsForDisk) countVote(rules, state, effects.self, effects);
}

/** Figure 2, RequestVote RPC, receiver implementation. */
export function onRequestVote(
  rules: RaftRules,
  state: RaftState,
  request: RequestVote,
  effects: RaftEffects,
): void {
  const isWanted = request.leadershipTransfer === true;
  if (!isWanted && isBoundToLeader(rules, state, effects)) return;
  const isNewTerm = adoptNewerTerm(rules, state, request.term, effects);
  const voteGranted =
    request.term === state.currentTerm &&
    rules.voteIsFree(state, request.candidateId) &&
    rules.isUpToDate(request, state.log) &&
    (isWanted || rules.isPreferred(state, request, effects.self));
  if (voteGranted) state.votedFor = request.candidateId;
  if (rules.voteRestartsTimer(voteGranted)) restartElectionTimer(rules, state, effects);
  if (isNewTerm || voteGranted) effects.persist({ barrier: rules.voteWaitsForDisk });
  const term = state.currentTerm;
  effects.send(request.candidateId, { type: 'RequestVoteReply', term, voteGranted });
}

/**
 * Dissertation §4.2.3: who hears a leader lets nobody disturb it. With leases (§6.4.1) safety
 * depends on it, so it is bound even if it has forgotten who the leader was.
 */
function isBoundToLeader(rules: RaftRules, state: RaftState, effects: RaftEffects): boolean {
  const { checkQuorum, reads } = optionsOf(state);
  if (checkQuorum && hearsLeader(state, effects)) return true;
  return reads === 'lease' && rules.keepsPromise(state, effects.now());
}

/** Figure 2, candidates: votes from a majority make a leader. */
export function onRequestVoteReply(
  rules: RaftRules,
  state: RaftState,
  from: NodeId,
  reply: RequestVoteReply,
  effects: RaftEffects,
): void {
  if (adoptNewerTerm(rules, state, reply.term, effects)) {
    effects.persist();
    return;
  }
  if (!rules.countsVoteReply(state, reply.term) || !reply.voteGranted) return;
  countVote(rules, state, from, effects);
}

export function countVote(
  rules: RaftRules,
  state: RaftState,
  voter: NodeId,
  effects: RaftEffects,
): void {
  if (state.role !== 'candidate') return;
  state.votesGranted = rules.addVote(state.votesGranted, voter);
  if (decided(rules, state, state.votesGranted) === 'won') becomeLeader(rules, state, effects);
}

/** Figure 2, leaders: volatile state starts afresh; a no-op of the own term comes first (§8). */
function becomeLeader(rules: RaftRules, state: RaftState, effects: RaftEffects): void {
  state.role = 'leader';
  state.leaderId = effects.self;
  stopTransfer(state, effects, effects.self);
  state.votesGranted = [];
  state.log.truncate(rules.keepsOnElection(state));
  state.progress = {};
  state.persisting = [];
  state.isBatching = false;
  const nextIndex = state.log.lastIndex + 1;
  for (const server of membersOf(configurationOf(state))) {
    state.progress[server] = { nextIndex, matchIndex: 0, active: true, snapshot: null };
  }
  effects.cancelTimer('election');
  if (optionsOf(state).checkQuorum) restartQuorumTimer(state, effects);
  effects.log({ event: 'leader_elected', term: state.currentTerm });
  appendEntry(rules, state, { term: state.currentTerm, request: null }, effects);
  // The no-op goes to everyone at once, so it is the first heartbeat as well.
  broadcastAppendEntries(rules, state, effects);
  restartHeartbeatTimer(state, effects);
}

/** Dissertation §6.2: how long a leader goes on without hearing from a majority. */
export function restartQuorumTimer(state: RaftState, effects: RaftEffects): void {
  const { electionTimeoutMaxMs } = optionsOf(state);
  effects.setTimer('quorum', electionTimeoutMaxMs, electionTimeoutMaxMs);
}
