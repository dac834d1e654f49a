/** The coordinator before the commit: does the steps of a transaction one after the other. */
import type { Request } from '../../../sim/engine/protocol.ts';
import type { Age } from '../locking/locks.ts';
import { writes, type Step } from '../operations.ts';
import { prepare } from './coordinator.ts';
import type { CommitEffects, Executed, Waiting } from './messages.ts';
import type { CommitRules } from './rules.ts';
import { keepTicking, lastStepAt, shardFor, transactionOf } from './state.ts';
import type { CommitState, Transaction } from './state.ts';

/** What of a transaction stays the same from attempt to attempt. */
type Wish = Pick<Transaction, 'request' | 'command' | 'steps'>;

/** Begins a transaction of a client; a retry keeps the age of its first attempt. */
export function begin(
  rules: CommitRules,
  state: CommitState,
  request: Request,
  steps: readonly Step[],
  effects: CommitEffects,
): void {
  const { client, sequence, command } = request;
  const wish: Wish = { request: { client, sequence }, command: command.type, steps };
  attempt(rules, state, wish, 1, null, effects);
}

function attempt(
  rules: CommitRules,
  state: CommitState,
  wish: Wish,
  number: number,
  age: Age | null,
  effects: CommitEffects,
): void {
  // No name of this life may be heard of before the life itself is on the disk.
  if (state.begun === 0) effects.persist();
  const id = `${effects.self}.${state.life}.${++state.begun}`;
  const transaction: Transaction = {
    ...wish,
    id,
    order: orderOf(wish.steps, state.options.deadlocks === 'ordering'),
    age: age ?? { at: Math.round(effects.now() * 1000), name: id },
    attempt: number,
    phase: 'executing',
    position: 0,
    values: wish.steps.map(() => null),
    shards: [],
    participants: [],
    answered: [],
    silence: 0,
    token: 0,
  };
  state.transactions.push(transaction);
  proceed(rules, state, transaction, effects);
  keepTicking(state, effects);
}

/** Lock ordering: all transactions take their locks in the order of the keys. */
function orderOf(steps: readonly Step[], byKey: boolean): readonly number[] {
  const order = steps.map((_, i) => i);
  if (!byKey) return order;
  const key = (i: number) => (steps[i] as Step)[1];
  return order.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : a - b));
}

/** The next step, or the first phase of the commit. */
export function proceed(
  rules: CommitRules,
  state: CommitState,
  transaction: Transaction,
  effects: CommitEffects,
): void {
  const { steps, order, position, shards, id, age } = transaction;
  const index = order[position];
  if (index === undefined) {
    prepare(rules, state, transaction, effects);
    return;
  }
  const step = steps[index] as Step; // `order` has indices of steps.
  const shard = shardFor(state, step);
  const previous = lastStepAt(state, transaction, shard);
  if (!shards.includes(shard)) shards.push(shard);
  // Who takes locks in an order must not come back for a stronger one.
  const ahead = state.options.deadlocks === 'ordering' ? steps : [step];
  const isWritten = ahead.some((other) => other[1] === step[1] && writes(other));
  const mode = isWritten ? 'exclusive' : 'shared';
  effects.send(shard, { type: 'Execute', id, age, position, step, mode, previous });
}

export function onExecuted(
  rules: CommitRules,
  state: CommitState,
  { id, position, value }: Executed,
  effects: CommitEffects,
): void {
  const transaction = transactionOf(state, id);
  if (transaction?.phase !== 'executing' || transaction.position !== position) return;
  transaction.values[transaction.order[position] as number] = value;
  transaction.position++;
  transaction.silence = 0;
  proceed(rules, state, transaction, effects);
}

/** A sign of life: waiting for a lock is no reason to abort. */
export function onWaiting(state: CommitState, { id }: Waiting): void {
  const transaction = transactionOf(state, id);
  if (transaction !== undefined) transaction.silence = 0;
}

/** The next attempt: another name, the same age, so that it is the oldest some day. */
export function onBackoffTimer(
  rules: CommitRules,
  state: CommitState,
  id: string,
  effects: CommitEffects,
): void {
  const transaction = transactionOf(state, id);
  if (transaction?.phase !== 'backing off') return;
  state.transactions = state.transactions.filter((other) => other !== transaction);
  attempt(rules, state, transaction, transaction.attempt + 1, transaction.age, effects);
}
