/** What the key-value store can be asked, and how it answers. */
import type { Command, Plain, Response } from '../../sim/engine/protocol.ts';
import type { SharedMap } from './shared-map.ts';

/** One step of a transaction: append to a list, write, or read (with null for the answer). */
export type MicroOperation = readonly ['append' | 'w' | 'r', string, Plain];

/**
 * The commands of the store; an absent key holds null. `get` answers the value; `put`, `append`
 * (to a string, '' when absent) and `delete` answer null; `cas` answers { swapped: true } or
 * { swapped: false, saw }; `add` answers the sum, counting from 0; `txn` answers its steps with the
 * reads filled in. An account that was never touched holds `opening`; `transfer` answers
 * { transferred }, false when the money does not suffice; `balances` answers a balance per account.
 */
export type KeyValueCommand =
  | { readonly type: 'get'; readonly key: string }
  | { readonly type: 'put'; readonly key: string; readonly value: Plain }
  | { readonly type: 'append'; readonly key: string; readonly value: string }
  | { readonly type: 'cas'; readonly key: string; readonly from: Plain; readonly to: Plain }
  | { readonly type: 'delete'; readonly key: string }
  | { readonly type: 'add'; readonly key: string; readonly by: number }
  | { readonly type: 'txn'; readonly ops: readonly MicroOperation[] }
  | {
      readonly type: 'transfer';
      readonly from: string;
      readonly to: string;
      readonly amount: number;
      readonly opening: number;
    }
  | { readonly type: 'balances'; readonly accounts: readonly string[]; readonly opening: number };

export type Values = SharedMap<Plain>;

/** Answers are shared between replicas, worlds and sessions, so they are frozen. */
const done = ok(null);
const swapped = ok(Object.freeze({ swapped: true }));

/** The command is unknown or does not fit the value that is there: it never takes effect. */
const misfit: Response = Object.freeze({ type: 'error', code: 'PERMANENT_FAILURE' });

/** Carries out a command on the values, all of it or (PERMANENT_FAILURE) nothing. */
export function execute(values: Values, anyCommand: Command): Response {
  // Whoever wrote the command, each case checks the fields it relies on.
  const command = anyCommand as unknown as KeyValueCommand;
  switch (command.type) {
    case 'txn':
      return transact(values, command.ops);
    case 'transfer':
      return transfer(values, command);
    case 'balances':
      return balances(values, command.accounts, command.opening);
    default:
      return typeof command.key === 'string' ? executeOnKey(values, command) : misfit;
  }
}

function executeOnKey(
  values: Values,
  command: Extract<KeyValueCommand, { readonly key: string }>,
): Response {
  const { key } = command;
  switch (command.type) {
    case 'get':
      return ok(values.get(key) ?? null);
    case 'put':
      values.set(key, command.value ?? null);
      return done;
    case 'delete':
      values.delete(key);
      return done;
    case 'append': {
      const old = values.get(key) ?? '';
      if (typeof old !== 'string' || typeof command.value !== 'string') return misfit;
      values.set(key, old + command.value);
      return done;
    }
    case 'cas': {
      const saw = values.get(key) ?? null;
      if (!equal(saw, command.from ?? null)) return ok(Object.freeze({ swapped: false, saw }));
      values.set(key, command.to ?? null);
      return swapped;
    }
    case 'add': {
      const old = values.get(key) ?? 0;
      if (typeof old !== 'number' || typeof command.by !== 'number') return misfit;
      values.set(key, old + command.by);
      return ok(old + command.by);
    }
    default:
      return misfit;
  }
}

function transact(values: Values, ops: readonly MicroOperation[]): Response {
  if (!Array.isArray(ops)) return misfit;
  const written = new Map<string, Plain>();
  const answers: MicroOperation[] = [];
  for (const op of ops as readonly MicroOperation[]) {
    const [kind, key, value] = op;
    if (typeof key !== 'string') return misfit;
    const held = written.get(key) ?? values.get(key) ?? null;
    switch (kind) {
      case 'r':
        answers.push(Object.freeze(['r', key, held] as const));
        continue;
      case 'w':
        written.set(key, value);
        break;
      case 'append':
        if (held !== null && !Array.isArray(held)) return misfit;
        written.set(key, Object.freeze([...(held ?? []), value]));
        break;
      default:
        return misfit;
    }
    answers.push(op);
  }
  for (const [key, value] of written) values.set(key, value);
  return ok(Object.freeze(answers));
}

function transfer(
  values: Values,
  { from, to, amount, opening }: Extract<KeyValueCommand, { type: 'transfer' }>,
): Response {
  const source = values.get(from) ?? opening;
  const target = values.get(to) ?? opening;
  if (typeof source !== 'number' || typeof target !== 'number') return misfit;
  if (typeof amount !== 'number' || amount < 0) return misfit;
  const transferred = source >= amount;
  if (transferred && from !== to) {
    values.set(from, source - amount);
    values.set(to, target + amount);
  }
  return ok(Object.freeze({ transferred }));
}

function balances(values: Values, accounts: readonly string[], opening: number): Response {
  if (!Array.isArray(accounts)) return misfit;
  const list = (accounts as readonly string[]).map(
    (account) => [account, values.get(account) ?? opening] as const,
  );
  return ok(Object.freeze(Object.fromEntries(list)));
}

function ok(value: Plain): Response {
  return Object.freeze({ type: 'ok', value });
}

/** Equality by content; the order of an object's fields does not count. */
function equal(a: Plain | undefined, b: Plain | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [Object.entries(a), new Map(Object.entries<Plain | undefined>(b))];
  if (left.length !== right.size) return false;
  return left.every(([field, value]) => right.has(field) && equal(value, right.get(field)));
}
