/**
 * Two-phase commit whose votes and decisions are in replicated groups: whoever coordinates keeps
 * nothing that would be missed. Phase 1 swaps a lock into each row (the vote); the decision is one
 * swap of the record. Gray and Lamport 2006, §4 and §5; the rows as in Peng and Dabek 2010.
 */
import type { Command, Plain, Request, Response } from '../../../sim/engine/protocol.ts';
import type { Host } from '../../common/embed.ts';
import { after, answerTo, stepsOf, writes } from '../operations.ts';
import type { ReplicatedRules } from './rules.ts';
import { groupOf, keysOf, recordKey } from './state.ts';
import type { ReplicatedEffects, ReplicatedState, Row, RowLock } from './state.ts';
import type { Transaction, TransactionRecord } from './state.ts';

/** Why a group was asked; `id` is the transaction's, `key` the row's. */
export type Tag = { readonly id: string; readonly why: string; readonly key: string };

/** Everything a step of a coordinator needs. */
export interface Context {
  readonly host: Host;
  readonly rules: ReplicatedRules;
  readonly state: ReplicatedState;
  readonly effects: ReplicatedEffects;
}

type Wish = Pick<Transaction, 'name' | 'request' | 'command' | 'steps'>;

export function onRequest(context: Context, request: Request): void {
  const { state, effects } = context;
  const { client, sequence, command } = request;
  const steps = stepsOf(command);
  if (steps === null) {
    effects.respond(request, { type: 'error', code: 'PERMANENT_FAILURE' });
    return;
  }
  const name = `${client}-${sequence}`;
  if (state.transactions.some((one) => one.name === name)) return;
  attempt(context, { name, request: { client, sequence }, command, steps }, 1);
}

function attempt(context: Context, { name, request, command, steps }: Wish, number: number): void {
  const { state, effects } = context;
  const transaction: Transaction = {
    id: `${effects.self}.${state.life}.${++state.begun}`,
    name,
    request,
    command,
    steps,
    attempt: number,
    phase: 'reading',
    record: null,
    hasRecord: false,
    rows: [],
    meets: 0,
    values: [],
    answer: null,
    locked: [],
    refused: 0,
  };
  state.transactions.push(transaction);
  read(context, transaction);
}

function read(context: Context, transaction: Transaction): void {
  const { id, name, steps } = transaction;
  transaction.phase = 'reading';
  transaction.hasRecord = false;
  transaction.rows = [];
  const key = recordKey(name);
  ask(context, key, { type: 'get', key }, { id, why: 'record', key });
  for (const row of keysOf(steps)) {
    ask(context, row, { type: 'get', key: row }, { id, why: 'row', key: row });
  }
}

function ask({ host, state, effects }: Context, place: string, command: Command, tag: Tag): void {
  host.ask(state, groupOf(state, place), command, tag, effects);
}

/** A group has answered. */
export function onAnswer(context: Context, tag: Plain, response: Response): void {
  const { id, why, key } = tag as unknown as Tag;
  const transaction = context.state.transactions.find((one) => one.id === id);
  if (transaction === undefined || response.type === 'error') return;
  const { value } = response;
  if (why === 'record' || why === 'row') onRead(context, transaction, why, key, value);
  else if (why === 'other') onOtherRecord(context, transaction, key, value);
  else if (why === 'lock') onLock(context, transaction, key, value);
  else if (why === 'decide') onDecided(context, transaction, value);
  else if (why === 'again' && transaction.phase === 'waiting') read(context, transaction);
}

function onRead(
  context: Context,
  transaction: Transaction,
  why: string,
  key: string,
  value: Plain,
): void {
  if (transaction.phase !== 'reading') return;
  if (why === 'record') {
    transaction.record = value as TransactionRecord | null;
    transaction.hasRecord = true;
    const committed = transaction.record?.committed ?? null;
    if (committed !== null) {
      // An earlier copy of the request was committed, here or elsewhere.
      finish(context, transaction, { type: 'ok', value: committed.answer });
      return;
    }
  } else transaction.rows.push([key, value as Row | null]);
  const { hasRecord, rows, steps } = transaction;
  if (!hasRecord || rows.length < keysOf(steps).length) return;
  const blocked = rows.find(([, row]) => row !== null && row.lock !== null);
  if (blocked === undefined) execute(context, transaction);
  else meet(context, transaction, blocked[0], blocked[1]?.lock ?? null);
}

/** Somebody's vote is in the way: what has become of that transaction? Its record knows. */
function meet(context: Context, transaction: Transaction, row: string, lock: RowLock | null): void {
  if (lock === null) return;
  transaction.phase = 'waiting';
  transaction.meets++;
  const key = recordKey(lock.name);
  ask(context, key, { type: 'get', key }, { id: transaction.id, why: 'other', key: row });
}

function onOtherRecord(
  context: Context,
  transaction: Transaction,
  key: string,
  value: Plain,
): void {
  const { rules, state, effects } = context;
  const row = transaction.rows.find(([name]) => name === key)?.[1] ?? null;
  if (transaction.phase !== 'waiting' || row === null || row.lock === null) return;
  const record = value as TransactionRecord | null;
  const { id, name } = row.lock;
  const isCommitted = record?.committed?.id === id;
  const isAborted = record?.aborted.includes(id) ?? false;
  const isOver = isAborted || (record?.committed ?? null) !== null;
  const isLate = transaction.meets > state.options.patience;
  if (isCommitted || isOver || (isLate && !rules.recoveryDecides)) {
    const to: Row = { value: isCommitted ? row.lock.value : row.value, lock: null };
    ask(context, key, { type: 'cas', key, from: row, to }, { ...tagOf(transaction, key) });
  } else if (isLate) {
    const to: TransactionRecord = { committed: null, aborted: [...(record?.aborted ?? []), id] };
    const place = recordKey(name);
    const command = { type: 'cas', key: place, from: value, to };
    ask(context, place, command, tagOf(transaction, key));
  } else {
    const { backoffMs } = state.options;
    effects.setTimer('backoff', backoffMs, 3 * backoffMs, transaction.id);
  }
}

/** After this answer, whatever it is, everything is read again. */
function tagOf({ id }: Transaction, key: string): Tag {
  return { id, why: 'again', key };
}

/** Phase 1: the steps are done on what was read, and every row that was touched is locked. */
function execute(context: Context, transaction: Transaction): void {
  const { steps, rows, command, id, name } = transaction;
  const held = new Map(rows.map(([key, row]) => [key, row?.value ?? null]));
  const found: Plain[] = [];
  for (const step of steps) {
    const before = held.get(step[1]) ?? null;
    const value = after(step, before);
    if (value === undefined) {
      finish(context, transaction, { type: 'error', code: 'PERMANENT_FAILURE' });
      return;
    }
    found.push(before);
    held.set(step[1], value);
  }
  transaction.answer = answerTo(command.type, steps, found);
  if (rows.length === 1 && !steps.some(writes)) {
    finish(context, transaction, { type: 'ok', value: transaction.answer });
    return;
  }
  transaction.values = [...held.entries()];
  transaction.phase = 'locking';
  for (const [key, row] of rows) {
    const lock: RowLock = { id, name, value: held.get(key) ?? null };
    const to: Row = { value: row?.value ?? null, lock };
    ask(context, key, { type: 'cas', key, from: row, to }, { id, why: 'lock', key });
  }
}

function onLock(context: Context, transaction: Transaction, key: string, value: Plain): void {
  if (transaction.phase !== 'locking') return;
  const { swapped } = value as { readonly swapped: boolean };
  if (swapped) transaction.locked.push(key);
  else transaction.refused++;
  if (transaction.locked.length + transaction.refused < transaction.rows.length) return;
  if (transaction.refused > 0) abandon(context, transaction);
  else decide(context, transaction);
}

/** Phase 2: one swap decides, unless somebody has ended this attempt before. */
function decide(context: Context, transaction: Transaction): void {
  const { id, name, record, answer } = transaction;
  transaction.phase = 'deciding';
  const key = recordKey(name);
  const to: TransactionRecord = { committed: { id, answer }, aborted: record?.aborted ?? [] };
  ask(context, key, { type: 'cas', key, from: record, to }, { id, why: 'decide', key });
}

function onDecided(context: Context, transaction: Transaction, value: Plain): void {
  if (transaction.phase !== 'deciding') return;
  const { swapped, saw } = value as { readonly swapped: boolean; readonly saw?: Plain };
  if (swapped) {
    context.effects.log({ event: 'commit_applied', context: { transaction: transaction.id } });
    unlock(context, transaction, true);
    finish(context, transaction, { type: 'ok', value: transaction.answer });
    return;
  }
  transaction.record = (saw ?? null) as TransactionRecord | null;
  const isOver =
    (transaction.record?.committed ?? null) !== null ||
    (transaction.record?.aborted.includes(transaction.id) ?? false);
  if (isOver) abandon(context, transaction);
  else decide(context, transaction);
}

/** This attempt is given up; the next one has another name. */
function abandon(context: Context, transaction: Transaction): void {
  const { state, effects } = context;
  effects.log({ event: 'conflict_resolved', context: { transaction: transaction.id } });
  unlock(context, transaction, false);
  if (transaction.attempt >= state.options.attempts) {
    finish(context, transaction, { type: 'error', code: 'TIMEOUT' });
    return;
  }
  transaction.phase = 'waiting';
  transaction.refused = -1;
  const meanMs = state.options.backoffMs * (1 << Math.min(5, transaction.attempt - 1));
  effects.setTimer('backoff', meanMs / 2, (3 * meanMs) / 2, transaction.id);
}

export function onBackoffTimer(context: Context, id: string): void {
  const transaction = context.state.transactions.find((one) => one.id === id);
  if (transaction?.phase !== 'waiting') return;
  if (transaction.refused >= 0) {
    read(context, transaction);
    return;
  }
  close(context, transaction);
  attempt(context, transaction, transaction.attempt + 1);
}

/** Whoever meets a row that stays locked does the same. */
function unlock(context: Context, transaction: Transaction, isCommitted: boolean): void {
  const { id, name, rows, values } = transaction;
  for (const [key, row] of rows) {
    if (!transaction.locked.includes(key)) continue;
    const written = values.find(([other]) => other === key)?.[1] ?? null;
    const before = row?.value ?? null;
    const from: Row = { value: before, lock: { id, name, value: written } };
    const to: Row = { value: isCommitted ? written : before, lock: null };
    ask(context, key, { type: 'cas', key, from, to }, { id, why: 'unlock', key });
  }
}

function finish(context: Context, transaction: Transaction, response: Response): void {
  close(context, transaction);
  context.effects.respond(transaction.request, response);
}

function close({ state }: Context, transaction: Transaction): void {
  state.transactions = state.transactions.filter((other) => other !== transaction);
}
