/** What a node remembers: as coordinator of its clients' transactions, and as a shard. */
import type {
  NodeId,
  Plain,
  RequestId,
  Response,
  WriteToken,
} from '../../../sim/engine/protocol.ts';
import { Table } from '../../common/table.ts';
import type { Wait } from '../locking/deadlocks.ts';
import { acquire, release, type Age, type Lock } from '../locking/locks.ts';
import type { Mode } from '../locking/locks.ts';
import { shardOf, type Step } from '../operations.ts';
import type { Answer, CommitEffects, Standing, TransactionId } from './messages.ts';
import type { CommitOptions } from './options.ts';

export type Outcome = 'committed' | 'aborted';

export type Write = readonly [key: string, value: Plain];

/** A vote on the disk: what the participant needs to keep its word. */
export type PreparedRecord = {
  readonly id: TransactionId;
  readonly coordinator: NodeId;
  readonly participants: readonly NodeId[];
  readonly writes: readonly Write[];
  readonly standing: Standing;
  readonly answer: Answer | null;
};

/** A coordinator's commit record, kept until all participants have acknowledged it. */
export type Decision = {
  readonly id: TransactionId;
  readonly participants: readonly NodeId[];
  readonly acknowledged: readonly NodeId[];
};

/** A client's last request that was answered for good, with the answer. */
export type Answered = { readonly sequence: number; readonly response: Response };

/** A transaction that this node coordinates. */
export interface Transaction {
  readonly id: TransactionId;
  readonly request: RequestId;
  /** The command's type decides the form of the answer. */
  readonly command: string;
  readonly steps: readonly Step[];
  /** Indices of steps in the order in which they are done. */
  readonly order: readonly number[];
  readonly age: Age;
  readonly attempt: number;
  phase: 'executing' | 'preparing' | 'pre-committing' | 'deciding' | 'backing off';
  /** How many steps are done. */
  position: number;
  /** What each step found. */
  values: Plain[];
  /** Who has been asked to do something. */
  shards: NodeId[];
  participants: readonly NodeId[];
  /** Who has answered in the present phase. */
  answered: NodeId[];
  /** Ticks without a sign of life. */
  silence: number;
  /** The write of the decision. */
  token: WriteToken;
}

/** A transaction at a shard. */
export interface Workspace {
  readonly id: TransactionId;
  readonly coordinator: NodeId;
  readonly age: Age;
  writes: Write[];
  /** The last step that was asked for, and whether it waits for its lock. */
  position: number;
  step: Step | null;
  mode: Mode;
  waits: boolean;
  /** What the last step found: said again when its answer gets lost. */
  found: Plain;
  phase: 'active' | Standing;
  participants: readonly NodeId[];
  answer: Answer | null;
  silence: number;
  /** What others in doubt have said since the last tick. */
  standings: { node: NodeId; standing: Standing }[];
}

export interface CommitState {
  // On disk.
  values: Table<Plain>;
  prepared: readonly PreparedRecord[];
  /** What this node has decided as a participant. */
  outcomes: Table<Outcome>;
  /** What this node has decided as a coordinator. */
  decisions: readonly Decision[];
  /** By client. */
  sessions: Table<Answered>;
  /** Grows with every start, so that no name of a transaction comes twice. */
  life: number;

  // Volatile.
  begun: number;
  transactions: Transaction[];
  workspaces: Workspace[];
  locks: Lock[];
  ticks: boolean;
  /** At the detector: what each shard has reported. */
  reports: { shard: NodeId; waits: readonly Wait[] }[];
  detects: boolean;

  readonly nodes: readonly NodeId[];
  readonly options: CommitOptions;
}

export function transactionOf(state: CommitState, id: TransactionId): Transaction | undefined {
  return state.transactions.find((one) => one.id === id);
}

export function workspaceOf(state: CommitState, id: TransactionId): Workspace | undefined {
  return state.workspaces.find((one) => one.id === id);
}

export function decisionOf(state: CommitState, id: TransactionId): Decision | undefined {
  return state.decisions.find((one) => one.id === id);
}

/** Where a step is done. */
export function shardFor({ options, nodes }: CommitState, [, key]: Step): NodeId {
  return shardOf(key, options.shards ?? nodes, options.placement);
}

/** The coordinator is part of the name. */
export function coordinatorOf(id: TransactionId): NodeId {
  return id.slice(0, id.indexOf('.'));
}

/** A transaction that is new here. */
/** The last step before the present one that a shard has been given; -1: none. */
export function lastStepAt(
  state: CommitState,
  { steps, order, position }: Transaction,
  shard: NodeId,
): number {
  return order.slice(0, position).findLastIndex((i) => shardFor(state, steps[i] as Step) === shard);
}

export function openWorkspace(
  state: CommitState,
  id: TransactionId,
  coordinator: NodeId,
  age: Age,
): Workspace {
  const workspace: Workspace = {
    id,
    coordinator,
    age,
    writes: [],
    position: -1,
    step: null,
    mode: 'shared',
    waits: false,
    found: null,
    phase: 'active',
    participants: [],
    answer: null,
    silence: 0,
    standings: [],
  };
  state.workspaces.push(workspace);
  return workspace;
}

export function isInDoubt({ phase }: Workspace): boolean {
  return phase !== 'active';
}

/** What the step finds: the transaction's own write, else what is committed. */
export function heldBy(state: CommitState, { writes }: Workspace, key: string): Plain {
  const own = writes.find(([written]) => written === key);
  return own === undefined ? (state.values.get(key) ?? null) : own[1];
}

/** The workspace, in a form that fits the disk. */
export function recordOf(workspace: Workspace, standing: Standing): PreparedRecord {
  const { id, coordinator, participants, writes, answer } = workspace;
  return Object.freeze({ id, coordinator, participants, writes: writes.slice(), standing, answer });
}

export function putPrepared(state: CommitState, record: PreparedRecord): void {
  state.prepared = [...state.prepared.filter(({ id }) => id !== record.id), record];
}

/** Forgets a workspace and its vote; who gets its locks. */
export function forgetWorkspace(state: CommitState, id: TransactionId) {
  state.workspaces = state.workspaces.filter((one) => one.id !== id);
  state.prepared = state.prepared.filter((one) => one.id !== id);
  return release(state.locks, id);
}

/** Keeps the answer unless the client has had a later one. */
export function remember(state: CommitState, { client, sequence, response }: Answer): void {
  const known = state.sessions.get(client);
  if (known === undefined || known.sequence <= sequence) {
    state.sessions.set(client, { sequence, response });
  }
}

/** The tick runs while there is anything that might have to be said again. */
export function keepTicking(state: CommitState, effects: CommitEffects): void {
  const { transactions, workspaces, decisions, options } = state;
  if (state.ticks || transactions.length + workspaces.length + decisions.length === 0) return;
  state.ticks = true;
  effects.setTimer('tick', options.resendMs, options.resendMs);
}

/** A new life: votes and decisions are as the disk has them; what was only under way is gone. */
export function start(
  durable: Partial<CommitState> | null,
  options: CommitOptions,
  effects: CommitEffects,
): CommitState {
  const state: CommitState = {
    values: durable?.values ?? new Table(),
    prepared: durable?.prepared ?? [],
    outcomes: durable?.outcomes ?? new Table(),
    decisions: durable?.decisions ?? [],
    sessions: durable?.sessions ?? new Table(),
    life: (durable?.life ?? 0) + 1,
    begun: 0,
    transactions: [],
    workspaces: [],
    locks: [],
    ticks: false,
    reports: [],
    detects: false,
    nodes: effects.nodes,
    options,
  };
  for (const record of state.prepared) reopen(state, record);
  keepTicking(state, effects);
  return state;
}

/** A vote keeps its write locks over a crash. */
function reopen(state: CommitState, record: PreparedRecord): void {
  const { id, coordinator, participants, writes, standing, answer } = record;
  const age: Age = { at: 0, name: id };
  const workspace = openWorkspace(state, id, coordinator, age);
  workspace.writes = writes.slice();
  workspace.phase = standing;
  workspace.participants = participants;
  workspace.answer = answer;
  for (const [key] of writes) {
    acquire(state.locks, key, { transaction: id, age, mode: 'exclusive' });
  }
}
