/** What a node remembers: rows with versions and locks, transactions, the count of the oracle. */
import type { ClientId, NodeId, Plain, RequestId } from '../../../sim/engine/protocol.ts';
import { Table } from '../../common/table.ts';
import { shardOf, type Placement, type Step } from '../operations.ts';
import type { PercolatorEffects, Primary, Timestamp } from './messages.ts';

/** An alias, so that it counts as plain data. */
export type PercolatorOptions = {
  /** The node that gives timestamps. */
  readonly oracle: NodeId;
  readonly placement: Placement;
  /**
   * `snapshot`: two transactions conflict when both write a key. `serializable`: reads are locked,
   * too, as SELECT … FOR UPDATE does it: they conflict when one writes what the other has read.
   */
  readonly isolation: 'snapshot' | 'serializable';
  readonly resendMs: number;
  /** A lock that is older may be taken for one that a crash has left behind. */
  readonly lockTtlMs: number;
  readonly attempts: number;
  readonly backoffMs: number;
  readonly deduplicate: boolean;
};

export const defaultOptions: PercolatorOptions = Object.freeze({
  oracle: 'n1',
  placement: Object.freeze({}),
  isolation: 'snapshot',
  resendMs: 50,
  lockTtlMs: 200,
  attempts: 20,
  backoffMs: 5,
  deduplicate: true,
});

export type Version = {
  readonly start: Timestamp;
  readonly commit: Timestamp;
  readonly value: Plain;
};

export type RowLock = {
  readonly start: Timestamp;
  readonly primary: Primary;
  readonly value: Plain;
  readonly keeps: boolean;
  /** By the clock of the row's node, in milliseconds. */
  readonly sinceMs: number;
};

/** A key: its versions from old to new, whoever has it locked, and who must not lock it again. */
export type Row = {
  readonly versions: readonly Version[];
  readonly lock: RowLock | null;
  readonly rolledBack: readonly Timestamp[];
};

const emptyRow: Row = Object.freeze({ versions: [], lock: null, rolledBack: [] });

/** What a coordinator has to know after a crash to tell whether it has committed. */
export type Intent = {
  readonly sequence: number;
  readonly start: Timestamp;
  readonly primary: Primary;
  readonly answer: Plain;
};

/** A client's last request that was answered for good. */
export type Answered = { readonly sequence: number; readonly value: Plain };

export interface Transaction {
  readonly id: string;
  readonly request: RequestId;
  readonly command: string;
  readonly steps: readonly Step[];
  readonly attempt: number;
  phase: 'starting' | 'reading' | 'prewriting' | 'timing' | 'committing' | 'backing off';
  start: Timestamp;
  commit: Timestamp;
  /** What was read of each key, and what is to be written to it. */
  snapshot: (readonly [key: string, value: Plain])[];
  writes: (readonly [key: string, value: Plain, keeps: boolean])[];
  primary: Primary | null;
  answer: Plain;
  answered: string[];
}

export interface PercolatorState {
  // On disk.
  rows: Table<Row>;
  intents: Table<Intent>;
  sessions: Table<Answered>;
  /** The oracle's: everything up to here may have been given. */
  reserved: Timestamp;
  /** Grows with every start, so that no name of a transaction comes twice. */
  life: number;

  // Volatile.
  given: Timestamp;
  begun: number;
  transactions: Transaction[];
  /** Reads that wait for a lock to go. */
  waiting: { from: NodeId; id: string; key: string; at: Timestamp }[];
  /** Coordinators that are back and ask for the fate of what they had begun. */
  asked: { client: ClientId; start: Timestamp }[];
  ticks: boolean;

  readonly nodes: readonly NodeId[];
  readonly options: PercolatorOptions;
}

export function start(
  durable: Partial<PercolatorState> | null,
  options: PercolatorOptions,
  effects: PercolatorEffects,
): PercolatorState {
  const state: PercolatorState = {
    rows: durable?.rows ?? new Table(),
    intents: durable?.intents ?? new Table(),
    sessions: durable?.sessions ?? new Table(),
    reserved: durable?.reserved ?? 0,
    life: (durable?.life ?? 0) + 1,
    given: durable?.reserved ?? 0,
    begun: 0,
    transactions: [],
    waiting: [],
    asked: [],
    ticks: false,
    nodes: effects.nodes,
    options,
  };
  keepTicking(state, effects);
  return state;
}

export function rowOf(state: PercolatorState, key: string): Row {
  return state.rows.get(key) ?? emptyRow;
}

export function homeOf({ nodes, options }: PercolatorState, key: string): NodeId {
  return shardOf(key, nodes, options.placement);
}

export function transactionOf(state: PercolatorState, id: string): Transaction | undefined {
  return state.transactions.find((one) => one.id === id);
}

/** Ticks as long as there is something to say again, or somebody waits for a lock. */
export function keepTicking(state: PercolatorState, effects: PercolatorEffects): void {
  const { transactions, waiting, asked, options } = state;
  if (state.ticks || transactions.length + waiting.length + asked.length === 0) return;
  state.ticks = true;
  effects.setTimer('tick', options.resendMs, options.resendMs);
}
