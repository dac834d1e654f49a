/** What a replica remembers. */
import type { NodeId, WriteToken } from '../../sim/engine/protocol.ts';
import type { Log } from '../common/log.ts';
import { Machine } from '../common/state-machine.ts';
import type { Entry, Promised, ReplicationEffects, Waiting } from './messages.ts';
import type { ReplicationOptions } from './options.ts';

/** How far a primary knows a backup to be. */
interface Progress {
  /** The backup's disk has everything up to here. */
  match: number;
  /** The next entry to send. */
  next: number;
}

export interface ReplicationState {
  // On disk.
  /** The view that this node has promised, and with it to refuse every earlier one. */
  epoch: number;
  log: Log<Entry>;

  // Volatile.
  role: 'primary' | 'backup' | 'candidate';
  /** Who leads the epoch, if known. */
  primary: NodeId | null;
  /** Every position up to here has been acknowledged, as far as this node knows. */
  committed: number;
  /** Every position up to here is in the machine. */
  applied: number;
  machine: Machine;
  /** The apply timer runs. */
  isApplying: boolean;

  // A primary's.
  progress: Record<NodeId, Progress>;
  /** How far the own log is on the own disk; and the writes that are still under way. */
  stored: number;
  writes: { readonly token: WriteToken; readonly index: number }[];
  waiting: Waiting[];
  /** The fallback timer runs. */
  isAwaiting: boolean;
  /** No backup has answered for too long: it acknowledges by itself. */
  isAlone: boolean;

  // A candidate's.
  promises: Promised[];

  readonly nodes: readonly NodeId[];
  readonly options: ReplicationOptions;
}

export function newMachine({ deduplicate, dedupWindowMs }: ReplicationOptions): Machine {
  return Machine.empty({ deduplicate, dedupWindowMs });
}

/** A backup of this epoch from now on; whoever waited for this node as primary hears nothing. */
export function becomeBackup(
  state: ReplicationState,
  epoch: number,
  primary: NodeId | null,
  effects: ReplicationEffects,
): void {
  if (state.role === 'primary') {
    effects.cancelTimer('heartbeat');
    effects.cancelTimer('fallback');
  }
  state.role = 'backup';
  state.epoch = epoch;
  state.primary = primary;
  state.progress = {};
  state.stored = 0;
  state.writes = [];
  state.waiting = [];
  state.isAwaiting = false;
  state.isAlone = false;
  state.promises = [];
  restartFailover(state, effects);
}

export function restartFailover({ options }: ReplicationState, effects: ReplicationEffects): void {
  effects.setTimer('failover', options.failoverMinMs, options.failoverMaxMs);
}
