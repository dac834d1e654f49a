/** Leadership transfer: dissertation §3.10. */
import type { Request } from '../../sim/engine/protocol.ts';
import type { TransferCommand } from './administration.ts';
import { startElection } from './election.ts';
import type { RaftEffects, TimeoutNow } from './messages.ts';
import { followLeader } from './append-entries.ts';
import { sendAppendEntries } from './replication.ts';
import { readingOf } from './rounds.ts';
import type { RaftRules } from './rules.ts';
import { stopTransfer, type RaftState } from './state.ts';
import { optionsOf } from './options.ts';

/** 1: the leader stops accepting requests, and 2: brings the target up to date. */
export function onTransferLeadership(
  rules: RaftRules,
  state: RaftState,
  request: Request,
  effects: RaftEffects,
): void {
  const { to } = request.command as TransferCommand;
  if (to === effects.self) {
    effects.respond(request, { type: 'ok', value: to });
    return;
  }
  if (!rules.mayTransferTo(state, to)) {
    effects.respond(request, { type: 'error', code: 'PERMANENT_FAILURE' });
    return;
  }
  // A later wish replaces an earlier one.
  stopTransfer(state, effects, effects.self);
  const { client, sequence } = request;
  state.transfer = { to, request: { client, sequence }, isTold: false };
  const { electionTimeoutMinMs } = optionsOf(state);
  effects.setTimer('transfer', electionTimeoutMinMs, electionTimeoutMinMs);
  proceedWithTransfer(rules, state, effects);
  if (!state.transfer.isTold) sendAppendEntries(rules, state, to, effects);
}

/** 3: as soon as the target has all of the log it is told to begin an election at once. */
export function proceedWithTransfer(
  rules: RaftRules,
  state: RaftState,
  effects: RaftEffects,
): void {
  const { transfer } = state;
  if (transfer === null) return;
  if (!rules.mayTransferTo(state, transfer.to)) {
    stopTransfer(state, effects, effects.self);
    return;
  }
  if (transfer.isTold || !rules.isReadyForTransfer(state, transfer.to)) return;
  transfer.isTold = true;
  const term = state.currentTerm;
  effects.send(transfer.to, { type: 'TimeoutNow', term, leaderId: effects.self });
  // §6.4.1: for the rest of the term, since the message may arrive at any time.
  if (optionsOf(state).reads === 'lease') readingOf(state).isHandedOver = true;
}

/** An election timeout has passed: the target is not up to it, and the leader goes on leading. */
export function onTransferTimer(state: RaftState, effects: RaftEffects): void {
  stopTransfer(state, effects, effects.self);
}

/** The target does not wait and asks for no pre-votes: the leader itself wants this election. */
export function onTimeoutNow(
  rules: RaftRules,
  state: RaftState,
  message: TimeoutNow,
  effects: RaftEffects,
): void {
  if (message.term < state.currentTerm) return;
  if (followLeader(rules, state, message.term, message.leaderId, effects)) effects.persist();
  if (rules.mayCampaign(state, effects.self)) startElection(rules, state, effects, true);
}
