/** What can be chosen about a commit protocol, in milliseconds and counts. */
import type { NodeId } from '../../../sim/engine/protocol.ts';
import type { DeadlockPolicy } from '../locking/deadlocks.ts';
import type { Placement } from '../operations.ts';

/** An alias, so that it counts as plain data. */
export type CommitOptions = {
  /** The node that coordinates everything; null: whoever is asked. */
  readonly coordinator: NodeId | null;
  /** The nodes that hold keys; null: all. */
  readonly shards: readonly NodeId[] | null;
  /** Keys that do not live where their hash says. */
  readonly placement: Placement;
  readonly deadlocks: DeadlockPolicy;
  /**
   * Whom a participant in doubt asks. `cooperative`: the other participants, too (Bernstein,
   * Hadzilacos and Goodman 1987, §7.4). Three-phase commit always asks everybody.
   */
  readonly termination: 'coordinator' | 'cooperative';
  /** What is not answered is said again after so long: a tick. */
  readonly resendMs: number;
  /** Ticks of silence after which a coordinator or participant counts as failed. */
  readonly patience: number;
  /** Under `timeout`: how long a step waits for its lock. */
  readonly lockTimeoutMs: number;
  /** Under `detection`: how often shards report who waits. */
  readonly detectMs: number;
  /** How often a transaction is tried before its client hears that it is aborted. */
  readonly attempts: number;
  /** Before the first retry; doubled with each, up to 32 times it, and spread by half. */
  readonly backoffMs: number;
  /** A repeated request is answered and not done again. */
  readonly deduplicate: boolean;
};

export const defaultOptions: CommitOptions = Object.freeze({
  coordinator: null,
  shards: null,
  placement: Object.freeze({}),
  deadlocks: 'wait-die',
  termination: 'coordinator',
  resendMs: 50,
  patience: 4,
  lockTimeoutMs: 100,
  detectMs: 50,
  attempts: 20,
  backoffMs: 5,
  deduplicate: true,
});
