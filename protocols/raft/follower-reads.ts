/**
 * Reads at followers: Ongaro's dissertation, §6.4, last paragraphs. The leader says up to where the
 * follower must have applied; the follower answers from its own state.
 */
import type { RequestId } from '../../sim/engine/protocol.ts';
import { answerRead, redirect } from './client.ts';
import type { RaftEffects, ReadIndexReply } from './messages.ts';
import type { RaftRules } from './rules.ts';
import { adoptNewerTerm, type AskedRead, type RaftState } from './state.ts';
import { optionsOf } from './options.ts';

/** The follower asks on behalf of its client, and waits no longer than for an election. */
export function askLeader(
  rules: RaftRules,
  state: RaftState,
  { client, sequence }: RequestId,
  key: string,
  effects: RaftEffects,
): void {
  const { leaderId, currentTerm: term } = state;
  const read: AskedRead = { client, sequence, key, readIndex: 0 };
  if (!rules.followerAsksLeader) {
    answerRead(state, read, key, effects);
  } else if (leaderId === null) {
    redirect(state, read, effects);
  } else {
    state.asked = [...withoutRead(state, read), read];
    effects.send(leaderId, { type: 'ReadIndex', term, client, sequence });
    const { electionTimeoutMinMs } = optionsOf(state);
    effects.setTimer('read', electionTimeoutMinMs, electionTimeoutMinMs, keyOf(read));
  }
}

/** A read is named for ever by its client, so an answer fits whenever it comes. */
export function onReadIndexReply(
  rules: RaftRules,
  state: RaftState,
  message: ReadIndexReply,
  effects: RaftEffects,
): void {
  if (adoptNewerTerm(rules, state, message.term, effects)) effects.persist();
  const key = keyOf(message);
  const { readIndex } = message;
  state.asked = state.asked.map((read) => (keyOf(read) === key ? { ...read, readIndex } : read));
}

/** Answers what this server has applied far enough for. */
export function settleAsked(rules: RaftRules, state: RaftState, effects: RaftEffects): void {
  for (const read of state.asked) {
    if (read.readIndex === 0 || !rules.isApplied(state, read.readIndex)) continue;
    state.asked = withoutRead(state, read);
    effects.cancelTimer('read', keyOf(read));
    answerRead(state, read, read.key, effects);
  }
}

/** No answer from the leader, or this server lags too far behind: the client may ask elsewhere. */
export function onReadTimer(state: RaftState, key: string, effects: RaftEffects): void {
  const read = state.asked.find((asked) => keyOf(asked) === key);
  if (read === undefined) return;
  state.asked = withoutRead(state, read);
  redirect(state, read, effects);
}

function withoutRead({ asked }: RaftState, read: RequestId): readonly AskedRead[] {
  return asked.filter((other) => keyOf(other) !== keyOf(read));
}

function keyOf({ client, sequence }: RequestId): string {
  return `${client}-${sequence}`;
}
