/** Client interaction: extended Raft paper §8; sessions as in the dissertation, §6.3. */
import type { Request, RequestId } from '../../sim/engine/protocol.ts';
import type { RaftEffects } from './messages.ts';
import { appendEntry, broadcastAppendEntries } from './replication.ts';
import type { RaftRules } from './rules.ts';
import type { RaftState } from './state.ts';
import { optionsOf } from './options.ts';

/** A leader logs the request and answers when it is applied; others name the leader they know. */
export function onRequest(
  rules: RaftRules,
  state: RaftState,
  request: Request,
  effects: RaftEffects,
): void {
  if (state.role !== 'leader' || !rules.acceptsRequests(state)) {
    redirect(state, request, effects);
    return;
  }
  const { client, sequence, command } = request;
  const logged = { client, sequence, command, stamp: effects.now() };
  appendEntry(rules, state, { term: state.currentTerm, request: logged }, effects);
  const { batchMs } = optionsOf(state);
  if (batchMs === 0) broadcastAppendEntries(rules, state, effects);
  else if (!state.isBatching) {
    state.isBatching = true;
    effects.setTimer('batch', batchMs, batchMs);
  }
}

/** Names the leader, as far as this server knows. */
export function redirect(state: RaftState, request: RequestId, effects: RaftEffects): void {
  const leaderId = state.transfer?.to ?? state.leaderId;
  const hint = leaderId === null ? {} : { hint: leaderId };
  effects.respond(request, { type: 'error', code: 'LEADER_NOT_FOUND', ...hint });
}

/** Answers a read from the state machine as it is; the caller knows that it is far enough. */
export function answerRead(
  { machine }: RaftState,
  request: RequestId,
  key: string,
  effects: RaftEffects,
): void {
  effects.respond(request, { type: 'ok', value: machine.read(key) });
}

/**
 * A leader that steps down for want of a quorum tells the clients whose requests it has logged:
 * they
 * may still be committed by another leader, so the outcome is open.
 */
export function releaseClients(state: RaftState, effects: RaftEffects): void {
  for (let index = state.commitIndex + 1; index <= state.log.lastIndex; index++) {
    const entry = state.log.at(index);
    if (entry === undefined || entry.request === null || entry.term !== state.currentTerm) continue;
    effects.respond(entry.request, { type: 'error', code: 'QUORUM_UNREACHABLE' });
  }
}

/** Dissertation §10.2.2: what came in since the timer was set leaves together. */
export function onBatchTimer(rules: RaftRules, state: RaftState, effects: RaftEffects): void {
  state.isBatching = false;
  broadcastAppendEntries(rules, state, effects);
}
