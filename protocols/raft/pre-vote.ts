/** Pre-Vote: Ongaro's dissertation §9.6. A server asks first, and disturbs nobody if refused. */
import type { NodeId } from '../../sim/engine/protocol.ts';
import { decided } from './agreement.ts';
import { startElection } from './election.ts';
import type { PreVote, PreVoteReply, RaftEffects } from './messages.ts';
import type { RaftRules } from './rules.ts';
import {
  adoptNewerTerm,
  hearsLeader,
  restartElectionTimer,
  sendToVoters,
  type RaftState,
} from './state.ts';
import { optionsOf } from './options.ts';

/** The election timer fired: begin an election, or ask whether one could be won. */
export function onElectionTimeout(rules: RaftRules, state: RaftState, effects: RaftEffects): void {
  if (state.role === 'leader') return;
  if (!rules.mayCampaign(state, effects.self)) return;
  if (optionsOf(state).preVote) askForPreVotes(rules, state, effects);
  else startElection(rules, state, effects);
}

function askForPreVotes(rules: RaftRules, state: RaftState, effects: RaftEffects): void {
  state.role = 'pre-candidate';
  state.currentTerm = rules.termBeforePreVote(state.currentTerm);
  state.votedFor = rules.voteBeforePreVote(state.votedFor);
  state.leaderId = null;
  state.votesGranted = [effects.self];
  restartElectionTimer(rules, state, effects);
  if (decided(rules, state, state.votesGranted) === 'won') {
    startElection(rules, state, effects);
    return;
  }
  const request: PreVote = {
    type: 'PreVote',
    term: state.currentTerm + 1,
    candidateId: effects.self,
    lastLogIndex: state.log.lastIndex,
    lastLogTerm: state.log.lastTerm,
  };
  sendToVoters(state, request, effects);
}

/** Grants without changing anything: neither the term, nor the vote, nor the timer. */
export function onPreVote(
  rules: RaftRules,
  state: RaftState,
  request: PreVote,
  effects: RaftEffects,
): void {
  const voteGranted =
    request.term > state.currentTerm &&
    !hearsLeader(state, effects) &&
    rules.isUpToDate(request, state.log) &&
    rules.isPreferred(state, request, effects.self);
  const term = voteGranted ? request.term : state.currentTerm;
  effects.send(request.candidateId, { type: 'PreVoteReply', term, voteGranted });
}

export function onPreVoteReply(
  rules: RaftRules,
  state: RaftState,
  from: NodeId,
  reply: PreVoteReply,
  effects: RaftEffects,
): void {
  if (!reply.voteGranted) {
    if (adoptNewerTerm(rules, state, reply.term, effects)) effects.persist();
    return;
  }
  if (state.role !== 'pre-candidate' || reply.term !== state.currentTerm + 1) return;
  state.votesGranted = rules.addVote(state.votesGranted, from);
  if (decided(rules, state, state.votesGranted) === 'won') startElection(rules, state, effects);
}
