/** The words of client operations that recorder, workloads, readers of files and models share. */

/** A value a client writes or reads: plain data, compared by content. `null` is "nothing there". */
export type Value =
  null | boolean | number | string | readonly Value[] | { readonly [name: string]: Value };

/** A read-write register, or (with keys) a map of them. A missing key names the one register. */
export type RegisterInput =
  | { readonly type: 'read'; readonly key?: string }
  | { readonly type: 'write'; readonly key?: string; readonly value: Value }
  | { readonly type: 'cas'; readonly key?: string; readonly from: Value; readonly to: Value };

/**
 * A read answers the value. A write answers null. A compare-and-swap answers whether it swapped;
 * one that did not should say which value it saw, for then it counts as a read.
 */
export type RegisterOutput = Value | CasOutput;
export interface CasOutput {
  readonly swapped: boolean;
  readonly saw?: Value;
}

/** A map from keys to strings, as in Porcupine's key-value tests. An absent key reads ''. */
export type AppendInput =
  | { readonly type: 'get'; readonly key: string }
  | { readonly type: 'put'; readonly key: string; readonly value: string }
  | { readonly type: 'append'; readonly key: string; readonly value: string };
/** A get answers the string; put and append answer null. */
export type AppendOutput = string | null;

/** A counter; `add` may answer the sum after it, or null. */
export type CounterInput =
  | { readonly type: 'read'; readonly key?: string }
  | { readonly type: 'add'; readonly key?: string; readonly by: number };
export type CounterOutput = number | null;

/** A set; `add` and `remove` may answer whether they changed it, or null. */
export type SetInput =
  | { readonly type: 'add'; readonly value: Value }
  | { readonly type: 'remove'; readonly value: Value }
  | { readonly type: 'contains'; readonly value: Value }
  | { readonly type: 'read' };
/** `read` answers all elements, in any order. */
export type SetOutput = boolean | null | readonly Value[];

/** A first-in-first-out queue; `dequeue` answers the value, or null when it found none. */
export type QueueInput =
  { readonly type: 'enqueue'; readonly value: Value } | { readonly type: 'dequeue' };
export type QueueOutput = Value;

/**
 * A lock. With an owner, only the owner may release. A fenced lock answers `acquire` with a token
 * that is greater than every token before.
 */
export type LockInput =
  | { readonly type: 'acquire'; readonly owner?: string }
  | { readonly type: 'release'; readonly owner?: string };
export type LockOutput = number | boolean | null;

/** One step of a transaction, as Elle writes it: append, write, or read with what it returned. */
export type MicroOperation =
  | readonly ['append', string, Value]
  | readonly ['w', string, Value]
  | readonly ['r', string, Value];

/** A transaction; its reads carry null in the input and what they returned in the output. */
export interface TransactionInput {
  readonly type: 'txn';
  readonly ops: readonly MicroOperation[];
}
export type TransactionOutput = readonly MicroOperation[];

/** Accounts, each holding `opening` until it is touched; the sum of all never changes. */
export type BankInput =
  | {
      readonly type: 'transfer';
      readonly from: string;
      readonly to: string;
      readonly amount: number;
      readonly opening: number;
    }
  | { readonly type: 'balances'; readonly accounts: readonly string[]; readonly opening: number };
/** A transfer says whether the money sufficed; `balances` answers one balance per account. */
export type BankOutput = { readonly transferred: boolean } | { readonly [account: string]: number };
