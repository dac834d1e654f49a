/** What is in the groups (rows, records of transactions), and what a coordinator remembers. */
import type { Command, Effects, NodeId, Plain, RequestId } from '../../../sim/engine/protocol.ts';
import type { Group, HostEffects, HostMessage, HostState, HostTimer } from '../../common/embed.ts';
import { shardOf, type Placement, type Step } from '../operations.ts';

/** An alias, so that it counts as plain data. */
export type ReplicatedOptions = {
  /** The shards: each a group of the inner protocol, by name. */
  readonly groups: readonly { readonly name: string; readonly members: readonly NodeId[] }[];
  /** Keys that do not live where their hash says: the name of a group. */
  readonly placement: Placement;
  /** The inner protocol's options, by group. */
  readonly inner: { readonly [group: string]: Plain };
  /** How often a transaction meets a lock before it ends the one that has it. */
  readonly patience: number;
  readonly attempts: number;
  readonly backoffMs: number;
};

/** A vote, in the row that it is about: `value` is what the row is to hold. */
export type RowLock = {
  readonly id: string;
  /** Of the request, for its record. */
  readonly name: string;
  readonly value: Plain;
};

export type Row = { readonly value: Plain; readonly lock: RowLock | null };

/** Of one request: the attempt that was committed, with the answer; those that never shall be. */
export type TransactionRecord = {
  readonly committed: { readonly id: string; readonly answer: Plain } | null;
  readonly aborted: readonly string[];
};

export interface Transaction {
  readonly id: string;
  /** `c1-7`: the request. */
  readonly name: string;
  readonly request: RequestId;
  readonly command: Command;
  readonly steps: readonly Step[];
  readonly attempt: number;
  phase: 'reading' | 'waiting' | 'locking' | 'deciding';
  /** The record as it was read; undefined until it is. */
  record: TransactionRecord | null;
  hasRecord: boolean;
  rows: (readonly [key: string, row: Row | null])[];
  /** How often it has met somebody's lock. */
  meets: number;
  /** What each key is to hold. */
  values: (readonly [key: string, value: Plain])[];
  answer: Plain;
  locked: string[];
  refused: number;
}

export interface ReplicatedState extends HostState {
  transactions: Transaction[];
  begun: number;
  readonly nodes: readonly NodeId[];
  readonly options: ReplicatedOptions;
}

export type ReplicatedTimer = HostTimer | 'backoff';
export type ReplicatedEffects = Effects<HostMessage, ReplicatedTimer> & HostEffects;

export function groupsOf({ groups, inner }: ReplicatedOptions): readonly Group[] {
  return groups.map(({ name, members }) => ({ name, members, options: inner[name] }));
}

/** The group that a key lives in; the record of a request lives in one, too. */
export function groupOf({ options }: ReplicatedState, key: string): Group {
  const names = options.groups.map(({ name }) => name);
  const name = shardOf(key, names, options.placement);
  const group = groupsOf(options).find((one) => one.name === name);
  if (group === undefined) throw new Error(`there is a group ${name}`);
  return group;
}

export function recordKey(name: string): string {
  return `transaction/${name}`;
}

export function keysOf(steps: readonly Step[]): readonly string[] {
  return [...new Set(steps.map(([, key]) => key))];
}
