/**
 * Reads without a log entry: Ongaro's dissertation, §6.4. The leader notes its commit index, makes
 * sure that it still leads, and answers when that index is applied.
 */
import type { NodeId, Request, RequestId } from '../../sim/engine/protocol.ts';
import { agreedRound } from './agreement.ts';
import { answerRead, redirect } from './client.ts';
import { askLeader, settleAsked } from './follower-reads.ts';
import type { RaftEffects, ReadIndex } from './messages.ts';
import { sendHeartbeats } from './replication.ts';
import { readingOf } from './rounds.ts';
import type { RaftRules } from './rules.ts';
import { adoptNewerTerm, type RaftState, type Read } from './state.ts';
import { optionsOf } from './options.ts';

/** A client wants to read. False: the read goes through the log like any other request. */
export function onRead(
  rules: RaftRules,
  state: RaftState,
  request: Request,
  effects: RaftEffects,
): boolean {
  const { reads } = optionsOf(state);
  const { client, sequence, command } = request;
  const { key } = command;
  if (reads === 'log' || command.type !== 'get' || typeof key !== 'string') return false;
  if (state.role !== 'leader') {
    if (reads === 'follower') askLeader(rules, state, { client, sequence }, key, effects);
    else redirect(state, request, effects);
  } else if (reads === 'local' || holdsLease(rules, state, effects)) {
    answerRead(state, request, key, effects);
  } else {
    takeUp(rules, state, { client, sequence, key, asker: null, readIndex: 0, round: 0 }, effects);
  }
  return true;
}

/**
 * §6.4.1: a majority was reached so short a time ago that none of it can have voted for another
 * leader since, as long as clocks keep to `clockBoundMs`.
 */
function holdsLease(rules: RaftRules, state: RaftState, effects: RaftEffects): boolean {
  const { reading } = state;
  const options = optionsOf(state);
  if (options.reads !== 'lease' || reading === null || reading.confirmedAtMs === null) return false;
  if (rules.leaseEndsWithTimeoutNow && reading.isHandedOver) return false;
  if (!rules.mayTakeReadIndex(state) || !rules.isApplied(state, state.commitIndex)) return false;
  return rules.leaseRuns(effects.now(), reading.confirmedAtMs, rules.leaseMs(options));
}

/** A follower asks on behalf of its client: it is told the index where a client is told a value. */
export function onReadIndex(
  rules: RaftRules,
  state: RaftState,
  from: NodeId,
  { term, client, sequence }: ReadIndex,
  effects: RaftEffects,
): void {
  if (adoptNewerTerm(rules, state, term, effects)) effects.persist();
  if (state.role !== 'leader') return;
  const read = { client, sequence, key: '', asker: from, readIndex: 0, round: 0 };
  takeUp(rules, state, read, effects);
}

/** A read waits at the leader; one that comes again takes the place of the one before. */
function takeUp(rules: RaftRules, state: RaftState, read: Read, effects: RaftEffects): void {
  const reading = readingOf(state);
  reading.waiting = [...reading.waiting.filter((other) => !isSame(other, read)), read];
  if (!rules.mayTakeReadIndex(state)) return;
  sendHeartbeats(rules, state, effects);
  begin(state, read);
  settleReads(rules, state, effects);
}

/** §6.4, 2 and 3: the index to wait for, and the round that has just begun. */
function begin(state: RaftState, read: Read): void {
  read.readIndex = state.commitIndex;
  read.round = state.reading?.round ?? 0;
}

/**
 * Answers what may be answered. Called whenever a round may have been acknowledged or an entry
 * applied; reads that came before the leader had committed anything begin now.
 */
export function settleReads(rules: RaftRules, state: RaftState, effects: RaftEffects): void {
  if (state.asked.length > 0) settleAsked(rules, state, effects);
  const { reading } = state;
  if (reading === null || reading.waiting.length === 0) return;
  const early = reading.waiting.filter(({ round }) => round === 0);
  if (early.length > 0 && rules.mayTakeReadIndex(state)) {
    sendHeartbeats(rules, state, effects);
    for (const read of early) begin(state, read);
  }
  const agreed = agreedRound(rules, state, reading, effects.self);
  const isDue = (read: Read) => read.round > 0 && rules.isConfirmed(read.round, agreed);
  const due = reading.waiting.filter((read) => isDue(read) && isReady(rules, state, read));
  if (due.length === 0) return;
  reading.waiting = reading.waiting.filter((read) => !due.includes(read));
  for (const read of due) {
    if (read.asker === null) answerRead(state, read, read.key, effects);
    else tell(state, read, read.asker, effects);
  }
}

/** §6.4, 4: a follower that has asked waits for its own state machine, not for the leader's. */
function isReady(rules: RaftRules, state: RaftState, { asker, readIndex }: Read): boolean {
  return asker !== null || rules.isApplied(state, readIndex);
}

function tell(state: RaftState, read: Read, asker: NodeId, effects: RaftEffects): void {
  const { client, sequence, readIndex } = read;
  const term = state.currentTerm;
  effects.send(asker, { type: 'ReadIndexReply', term, client, sequence, readIndex });
}

function isSame(one: RequestId, other: RequestId): boolean {
  return one.client === other.client && one.sequence === other.sequence;
}
