/** What a node remembers: keys and steps as a shard, sagas as their orchestrator. */
import type { NodeId, Plain, Response } from '../../../sim/engine/protocol.ts';
import { Table } from '../../common/table.ts';
import type { Placement, Step } from '../operations.ts';
import type { SagaEffects } from './messages.ts';

/** An alias, so that it counts as plain data. */
export type SagaOptions = {
  readonly placement: Placement;
  /** So many elements fit into a list: the next append fails, and its saga is taken back. */
  readonly capacity: number;
  readonly resendMs: number;
  readonly deduplicate: boolean;
};

export const defaultOptions: SagaOptions = Object.freeze({
  placement: Object.freeze({}),
  capacity: 1000,
  resendMs: 50,
  deduplicate: true,
});

/** What has become of a step at its shard; `found` is what the key held before. */
export type LedgerEntry = {
  readonly state: 'done' | 'undone' | 'failed';
  readonly found: Plain;
};

/** The saga log: how far a saga is, and which way it goes. */
export type SagaRecord = {
  readonly client: string;
  readonly sequence: number;
  readonly command: string;
  readonly steps: readonly Step[];
  readonly values: readonly Plain[];
  /** Steps that are done and not taken back. */
  readonly done: readonly number[];
  readonly phase: 'forward' | 'back' | 'complete' | 'compensated';
};

export type Answered = { readonly sequence: number; readonly response: Response };

export interface SagaState {
  // On disk.
  values: Table<Plain>;
  /** By saga and index of the step: `n1.1.1/0`. */
  ledger: Table<LedgerEntry>;
  log: Table<SagaRecord>;
  sessions: Table<Answered>;
  /** Grows with every start, so that no name of a saga comes twice. */
  life: number;

  // Volatile.
  begun: number;
  ticks: boolean;
  /** Sagas of this node that are under way. */
  running: string[];

  readonly nodes: readonly NodeId[];
  readonly options: SagaOptions;
}

export function start(
  durable: Partial<SagaState> | null,
  options: SagaOptions,
  effects: SagaEffects,
): SagaState {
  const log = durable?.log ?? new Table<SagaRecord>();
  const state: SagaState = {
    values: durable?.values ?? new Table(),
    ledger: durable?.ledger ?? new Table(),
    log,
    sessions: durable?.sessions ?? new Table(),
    life: (durable?.life ?? 0) + 1,
    begun: 0,
    ticks: false,
    running: [...log.entries()].filter(([, one]) => isRunning(one)).map(([id]) => id),
    nodes: effects.nodes,
    options,
  };
  keepTicking(state, effects);
  return state;
}

export function isRunning({ phase }: SagaRecord): boolean {
  return phase === 'forward' || phase === 'back';
}

export function keepTicking(state: SagaState, effects: SagaEffects): void {
  if (state.ticks || state.running.length === 0) return;
  state.ticks = true;
  effects.setTimer('tick', state.options.resendMs, state.options.resendMs);
}
