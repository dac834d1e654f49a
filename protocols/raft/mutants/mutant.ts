/** What a Raft mutant is: one deliberate, documented error, and how to see it. */
import type { RaftOptions } from '../options.ts';
import type { RaftRules } from '../rules.ts';
import type { RaftState } from '../state.ts';

/** A schedule that shows the error at its last step; the clean protocol survives the same steps. */
export interface Script {
  readonly nodes: number;
  readonly options?: Partial<RaftOptions>;
  /** Microseconds of a disk sync; 0 unless the error is about the disk. */
  readonly diskSyncUs?: number;
  /** Steps in the language of a scenario's `schedule`. */
  readonly steps: readonly string[];
}

export interface RaftMutant {
  /** As in the bank of documented bugs. */
  readonly id: string;
  /** The error in one sentence. */
  readonly description: string;
  /** Ids of the invariants that see it, the first to fire first. */
  readonly violates: readonly string[];
  /** What a run must have for the error to show: faults or options. */
  readonly needs: readonly string[];
  /** The smallest cluster in which it can show. */
  readonly minNodes: number;
  /** Where it happened. */
  readonly sources: readonly string[];
  /** Equivalent to the clean protocol, and why: nothing may catch it. */
  readonly control?: string;
  readonly rules?: Partial<RaftRules>;
  /** Replaces the list of durable fields. */
  readonly durable?: readonly (keyof RaftState)[];
  readonly options?: Partial<RaftOptions>;
  readonly script?: Script;
}
