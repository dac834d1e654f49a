/** The coordinator: gathers the votes and decides. GL §3, MLO §3.2; three phases: Skeen 1981. */
import type { NodeId, WriteToken } from '../../../sim/engine/protocol.ts';
import { answerTo, writes } from '../operations.ts';
import type {
  Acknowledge,
  Answer,
  CommitEffects,
  PreCommitted,
  Prepared,
  Reason,
  Refused,
} from './messages.ts';
import { vote } from './participant.ts';
import type { CommitRules } from './rules.ts';
import {
  lastStepAt,
  openWorkspace,
  remember,
  shardFor,
  transactionOf,
  workspaceOf,
} from './state.ts';
import type { CommitState, Decision, Transaction } from './state.ts';

export function onRefused(
  rules: CommitRules,
  state: CommitState,
  { id, reason }: Refused,
  effects: CommitEffects,
): void {
  const transaction = transactionOf(state, id);
  if (transaction === undefined || !rules.mayAbort(transaction.phase)) return;
  abort(state, transaction, reason, effects);
}

/** Phase 1 begins: who has something to write, and asks all for their votes. */
export function prepare(
  rules: CommitRules,
  state: CommitState,
  transaction: Transaction,
  effects: CommitEffects,
): void {
  const { steps, shards } = transaction;
  const writers = new Set(steps.filter(writes).map((step) => shardFor(state, step)));
  transaction.phase = 'preparing';
  if (rules.preCommits && writers.size > 0) {
    // A coordinator that comes back must know of what it has begun: it is a participant, too.
    writers.add(effects.self);
    if (!shards.includes(effects.self)) shards.push(effects.self);
  }
  transaction.participants = shards.filter((shard) => writers.has(shard));
  transaction.answered = [];
  if (writers.has(effects.self) && rules.preCommits) volunteer(rules, state, transaction, effects);
  askVotes(state, transaction, effects);
}

/** The coordinator's own vote in three-phase commit is on its disk before it asks for others'. */
function volunteer(
  rules: CommitRules,
  state: CommitState,
  transaction: Transaction,
  effects: CommitEffects,
): void {
  const { id, age, participants } = transaction;
  const workspace = workspaceOf(state, id) ?? openWorkspace(state, id, effects.self, age);
  workspace.answer = answerOf(transaction);
  vote(rules, state, workspace, participants, effects);
}

/** Asks whoever has not voted. */
export function askVotes(
  state: CommitState,
  transaction: Transaction,
  effects: CommitEffects,
): void {
  const { id, participants, shards, answered } = transaction;
  for (const shard of shards) {
    if (answered.includes(shard)) continue;
    const position = lastStepAt(state, transaction, shard);
    effects.send(shard, { type: 'Prepare', id, position, participants });
  }
}

export function onPrepared(
  rules: CommitRules,
  state: CommitState,
  from: NodeId,
  { id }: Prepared,
  effects: CommitEffects,
): void {
  const transaction = transactionOf(state, id);
  if (transaction?.phase !== 'preparing' || transaction.answered.includes(from)) return;
  transaction.answered.push(from);
  transaction.silence = 0;
  if (!transaction.shards.every((shard) => transaction.answered.includes(shard))) return;
  if (transaction.participants.length === 0) {
    // Nothing to decide: everybody has only read.
    finish(state, transaction, effects);
  } else if (rules.preCommits) {
    transaction.phase = 'pre-committing';
    transaction.answered = [];
    askPreCommits(transaction, effects);
  } else decide(rules, state, transaction, effects);
}

/** Skeen 1981: everybody learns that all have voted yes before anybody commits. */
export function askPreCommits(transaction: Transaction, effects: CommitEffects): void {
  const { id, participants, answered } = transaction;
  for (const node of participants) {
    if (!answered.includes(node)) effects.send(node, { type: 'PreCommit', id });
  }
}

export function onPreCommitted(
  rules: CommitRules,
  state: CommitState,
  from: NodeId,
  { id }: PreCommitted,
  effects: CommitEffects,
): void {
  const transaction = transactionOf(state, id);
  if (transaction?.phase !== 'pre-committing' || transaction.answered.includes(from)) return;
  transaction.answered.push(from);
  const { participants, answered } = transaction;
  if (participants.every((node) => answered.includes(node))) {
    decide(rules, state, transaction, effects);
  }
}

/** GL §3.1: the commit record is what makes the transaction committed. */
export function decide(
  rules: CommitRules,
  state: CommitState,
  transaction: Transaction,
  effects: CommitEffects,
): void {
  const { id, participants } = transaction;
  transaction.phase = 'deciding';
  const decision: Decision = Object.freeze({ id, participants, acknowledged: [] });
  state.decisions = [...state.decisions, decision];
  remember(state, answerOf(transaction));
  transaction.token = effects.persist({ barrier: false });
  if (!rules.decisionWaitsForDisk) announce(rules, state, transaction, effects);
}

export function onPersisted(
  rules: CommitRules,
  state: CommitState,
  token: WriteToken,
  effects: CommitEffects,
): void {
  const decided = state.transactions.filter(
    (one) => one.phase === 'deciding' && one.token <= token,
  );
  for (const transaction of decided) announce(rules, state, transaction, effects);
}

function announce(
  rules: CommitRules,
  state: CommitState,
  transaction: Transaction,
  effects: CommitEffects,
): void {
  const { id, participants } = transaction;
  finish(state, transaction, effects);
  for (const node of participants) effects.send(node, { type: 'Commit', id });
  state.decisions = state.decisions.filter((one) => !rules.forgets(one));
}

export function onAcknowledge(
  rules: CommitRules,
  state: CommitState,
  from: NodeId,
  { id }: Acknowledge,
): void {
  state.decisions = state.decisions.flatMap((decision) => {
    if (decision.id !== id || decision.acknowledged.includes(from)) return [decision];
    const acknowledged = [...decision.acknowledged, from];
    const known: Decision = Object.freeze({ ...decision, acknowledged });
    return rules.forgets(known) ? [] : [known];
  });
}

/** Tells the client, and forgets the transaction. */
function finish(state: CommitState, transaction: Transaction, effects: CommitEffects): void {
  const answer = answerOf(transaction);
  remember(state, answer);
  close(state, transaction);
  effects.respond(transaction.request, answer.response);
}

function answerOf({ request, command, steps, values }: Transaction): Answer {
  const value = answerTo(command, steps, values);
  const { client, sequence } = request;
  return { client, sequence, response: { type: 'ok', value } };
}

/** Presumed abort: nothing is written, nobody acknowledges; whoever misses it will ask. */
export function abort(
  state: CommitState,
  transaction: Transaction,
  reason: Reason,
  effects: CommitEffects,
): void {
  const { id, shards, request } = transaction;
  close(state, transaction);
  for (const shard of shards) effects.send(shard, { type: 'Abort', id });
  if (reason === 'misfit' || transaction.attempt >= state.options.attempts) {
    const response = { type: 'error', code: 'PERMANENT_FAILURE' } as const;
    remember(state, { ...request, response });
    effects.respond(request, response);
    return;
  }
  transaction.phase = 'backing off';
  state.transactions.push(transaction);
  const doublings = Math.min(5, transaction.attempt - 1);
  const meanMs = state.options.backoffMs * (1 << doublings);
  effects.setTimer('backoff', meanMs / 2, (3 * meanMs) / 2, id);
}

function close(state: CommitState, transaction: Transaction): void {
  state.transactions = state.transactions.filter((other) => other !== transaction);
}
