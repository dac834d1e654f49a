/** The client library of the paper: snapshot, prewrite, commit of the primary. PD §2.2. */
import type { NodeId, Plain, Request } from '../../../sim/engine/protocol.ts';
import { after, answerTo, stepsOf, writes, type Step } from '../operations.ts';
import type {
  CommitReply,
  Fate,
  GetReply,
  GivenTimestamp,
  PercolatorEffects,
  PrewriteReply,
} from './messages.ts';
import { applyFate, check } from './rows.ts';
import type { PercolatorRules } from './rules.ts';
import { homeOf, keepTicking, transactionOf } from './state.ts';
import type { PercolatorState, Transaction } from './state.ts';

type Wish = Pick<Transaction, 'request' | 'command' | 'steps'>;

export function onRequest(
  state: PercolatorState,
  request: Request,
  effects: PercolatorEffects,
): void {
  const { client, sequence, command } = request;
  const steps = stepsOf(command);
  if (steps === null) {
    effects.respond(request, { type: 'error', code: 'PERMANENT_FAILURE' });
    return;
  }
  const isUnderWay = state.transactions.some(
    (one) => one.request.client === client && one.request.sequence === sequence,
  );
  if (isUnderWay || state.asked.some((one) => one.client === client)) return;
  const known = state.options.deduplicate ? state.sessions.get(client) : undefined;
  if (known !== undefined && known.sequence > sequence) {
    effects.respond(request, { type: 'error', code: 'DUPLICATE_REQUEST' });
  } else if (known?.sequence === sequence) {
    effects.respond(request, { type: 'ok', value: known.value });
  } else {
    const intent = state.options.deduplicate ? state.intents.get(client) : undefined;
    if (intent?.sequence === sequence) askFate(state, client, effects);
    else
      attempt(state, { request: { client, sequence }, command: command.type, steps }, 1, effects);
  }
}

/** After a crash: has the primary of the earlier attempt been committed? The client asks again. */
function askFate(state: PercolatorState, client: string, effects: PercolatorEffects): void {
  const intent = state.intents.get(client);
  if (intent === undefined) return;
  const { start, primary } = intent;
  state.asked.push({ client, start });
  effects.send(primary.node, { type: 'Check', key: primary.key, start, isOwn: true });
  keepTicking(state, effects);
}

function attempt(
  state: PercolatorState,
  { request, command, steps }: Wish,
  number: number,
  effects: PercolatorEffects,
): void {
  // No name of this life may be heard of before the life itself is on the disk.
  if (state.begun === 0) effects.persist();
  const id = `${effects.self}.${state.life}.${++state.begun}`;
  state.transactions.push({
    id,
    request,
    command,
    steps,
    attempt: number,
    phase: 'starting',
    start: 0,
    commit: 0,
    snapshot: [],
    writes: [],
    primary: null,
    answer: null,
    answered: [],
  });
  effects.send(state.options.oracle, { type: 'GetTimestamp', id, phase: 'start' });
  keepTicking(state, effects);
}

export function onGivenTimestamp(
  state: PercolatorState,
  { id, phase, timestamp }: GivenTimestamp,
  effects: PercolatorEffects,
): void {
  const transaction = transactionOf(state, id);
  if (phase === 'start' && transaction?.phase === 'starting') {
    transaction.start = timestamp;
    transaction.phase = 'reading';
    pursue(state, transaction, effects);
  } else if (phase === 'commit' && transaction?.phase === 'timing') {
    transaction.commit = timestamp;
    transaction.phase = 'committing';
    pursue(state, transaction, effects);
  }
}

/** Says, or says again, what the present phase is about. */
function pursue(
  state: PercolatorState,
  transaction: Transaction,
  effects: PercolatorEffects,
): void {
  const { id, phase, start, commit, snapshot, answered, primary } = transaction;
  if (phase === 'starting' || phase === 'timing') {
    const asks = phase === 'starting' ? 'start' : 'commit';
    effects.send(state.options.oracle, { type: 'GetTimestamp', id, phase: asks });
  } else if (phase === 'reading') {
    for (const key of keysOf(transaction.steps)) {
      if (snapshot.some(([known]) => known === key)) continue;
      effects.send(homeOf(state, key), { type: 'Get', id, key, at: start });
    }
  } else if (phase === 'prewriting' && primary !== null) {
    for (const [key, value, keeps] of transaction.writes) {
      // The primary is locked first: who meets a lock of this transaction must find it there.
      if (answered.includes(key) || (key !== primary.key && answered.length === 0)) continue;
      effects.send(homeOf(state, key), { type: 'Prewrite', id, key, value, keeps, start, primary });
    }
  } else if (phase === 'committing' && primary !== null) {
    effects.send(primary.node, { type: 'CommitKey', id, key: primary.key, start, commit });
  }
}

function keysOf(steps: readonly Step[]): readonly string[] {
  return [...new Set(steps.map(([, key]) => key))];
}

export function onGetReply(
  state: PercolatorState,
  { id, key, value }: GetReply,
  effects: PercolatorEffects,
): void {
  const transaction = transactionOf(state, id);
  if (transaction?.phase !== 'reading') return;
  if (transaction.snapshot.some(([known]) => known === key)) return;
  transaction.snapshot.push([key, value]);
  if (transaction.snapshot.length === keysOf(transaction.steps).length) {
    execute(state, transaction, effects);
  }
}

/** All has been read: the steps are done on the snapshot, and what they wrote is locked. */
function execute(
  state: PercolatorState,
  transaction: Transaction,
  effects: PercolatorEffects,
): void {
  const { steps, snapshot, command, start, request } = transaction;
  const held = new Map(snapshot);
  const found: Plain[] = [];
  for (const step of steps) {
    const [, key] = step;
    const before = held.get(key) ?? null;
    found.push(before);
    const value = after(step, before);
    if (value === undefined) {
      refuse(state, transaction, effects);
      return;
    }
    held.set(key, value);
  }
  transaction.answer = answerTo(command, steps, found);
  const locksReads = state.options.isolation === 'serializable';
  for (const key of keysOf(steps)) {
    const isWritten = steps.some((step) => step[1] === key && writes(step));
    if (!isWritten && !locksReads) continue;
    transaction.writes.push([key, held.get(key) ?? null, !isWritten]);
  }
  const [first] = transaction.writes;
  if (first === undefined || !steps.some(writes)) {
    finish(state, transaction, effects);
    return;
  }
  const [key] = first;
  const primary = { node: homeOf(state, key), key };
  transaction.primary = primary;
  const { client, sequence } = request;
  state.intents.set(client, { sequence, start, primary, answer: transaction.answer });
  effects.persist();
  transaction.phase = 'prewriting';
  pursue(state, transaction, effects);
}

export function onPrewriteReply(
  state: PercolatorState,
  { id, key, locked }: PrewriteReply,
  effects: PercolatorEffects,
): void {
  const transaction = transactionOf(state, id);
  if (transaction?.phase !== 'prewriting' || transaction.answered.includes(key)) return;
  if (!locked) {
    abort(state, transaction, effects);
    return;
  }
  transaction.answered.push(key);
  if (transaction.answered.length === transaction.writes.length) transaction.phase = 'timing';
  else if (transaction.answered.length > 1) return;
  pursue(state, transaction, effects);
}

/** The primary's commit is the commit point; the others learn of it, now or when they ask. */
export function onCommitReply(
  state: PercolatorState,
  { id, key, committed }: CommitReply,
  effects: PercolatorEffects,
): void {
  const transaction = transactionOf(state, id);
  if (transaction?.phase !== 'committing' || transaction.primary?.key !== key) return;
  if (!committed) {
    abort(state, transaction, effects);
    return;
  }
  const { start, commit } = transaction;
  finish(state, transaction, effects);
  for (const [other] of transaction.writes) {
    if (other === key) continue;
    effects.send(homeOf(state, other), { type: 'CommitKey', id, key: other, start, commit });
  }
}

/** The answer is kept on the disk, so that a repeated request is not done again. */
function finish(
  state: PercolatorState,
  transaction: Transaction,
  effects: PercolatorEffects,
): void {
  const { request, answer: value, primary } = transaction;
  close(state, transaction);
  remember(state, request.client, request.sequence, value);
  if (primary !== null) effects.persist();
  effects.respond(request, { type: 'ok', value });
}

function remember(state: PercolatorState, client: string, sequence: number, value: Plain): void {
  const known = state.sessions.get(client);
  if (known === undefined || known.sequence < sequence) {
    state.sessions.set(client, { sequence, value });
  }
}

/** The locks are given back, those of the primary first in force; then another try. */
function abort(state: PercolatorState, transaction: Transaction, effects: PercolatorEffects): void {
  const { id, start, attempt: number, request } = transaction;
  for (const [key] of transaction.writes) {
    effects.send(homeOf(state, key), { type: 'Rollback', key, start });
  }
  effects.log({ event: 'conflict_resolved', context: { transaction: id, start } });
  if (number >= state.options.attempts) {
    close(state, transaction);
    effects.respond(request, { type: 'error', code: 'PERMANENT_FAILURE' });
    return;
  }
  transaction.phase = 'backing off';
  const meanMs = state.options.backoffMs * (1 << Math.min(5, number - 1));
  effects.setTimer('backoff', meanMs / 2, (3 * meanMs) / 2, id);
}

function refuse(
  state: PercolatorState,
  transaction: Transaction,
  effects: PercolatorEffects,
): void {
  close(state, transaction);
  effects.respond(transaction.request, { type: 'error', code: 'PERMANENT_FAILURE' });
}

export function onBackoffTimer(
  state: PercolatorState,
  id: string,
  effects: PercolatorEffects,
): void {
  const transaction = transactionOf(state, id);
  if (transaction?.phase !== 'backing off') return;
  close(state, transaction);
  attempt(state, transaction, transaction.attempt + 1, effects);
}

function close(state: PercolatorState, transaction: Transaction): void {
  state.transactions = state.transactions.filter((other) => other !== transaction);
}

/** Of a lock that was in the way; or of what this coordinator had begun before its crash. */
export function onFate(
  rules: PercolatorRules,
  state: PercolatorState,
  _from: NodeId,
  fate: Fate,
  effects: PercolatorEffects,
): void {
  applyFate(rules, state, fate, effects);
  const own = state.asked.find(({ start }) => start === fate.start);
  if (own === undefined) return;
  state.asked = state.asked.filter((one) => one !== own);
  const intent = state.intents.get(own.client);
  if (intent?.start !== fate.start) return;
  if (fate.commit > 0) remember(state, own.client, intent.sequence, intent.answer);
  // Its number 0 is no client's: the next copy of the request begins afresh.
  else state.intents.set(own.client, { ...intent, sequence: 0 });
  effects.persist();
}

export function onTickTimer(state: PercolatorState, effects: PercolatorEffects): void {
  state.ticks = false;
  for (const transaction of state.transactions.slice()) pursue(state, transaction, effects);
  for (const { client, start } of state.asked) {
    const primary = state.intents.get(client)?.primary;
    if (primary === undefined) continue;
    effects.send(primary.node, { type: 'Check', key: primary.key, start, isOwn: true });
  }
  for (const key of new Set(state.waiting.map((one) => one.key))) check(state, key, effects);
  keepTicking(state, effects);
}
