/** What the page asks of its worker, and what it is answered: plain data that can be posted. */
import type { TraceEvent, TraceHeader, TraceStart } from '../../trace/format.ts';
import type { Edit, Onward } from './edit.ts';

export interface ForkRequest {
  readonly type: 'fork';
  readonly header: TraceHeader;
  readonly start: TraceStart;
  /** The events before the fork, from the first one of the run. */
  readonly before: readonly TraceEvent[];
  readonly edits: readonly Edit[];
  readonly onward: Onward;
  /** What came next; needed to follow it. */
  readonly after: readonly TraceEvent[];
}

/** Runs a scenario as somebody has written it. */
export interface RunRequest {
  readonly type: 'run';
  readonly text: string;
  readonly file: string;
  readonly seed: string;
}

export interface ForkDone {
  readonly type: 'done';
  /** The new run as a trace file. */
  readonly bytes: Uint8Array;
  readonly hash: string;
  readonly events: number;
  /** The violated invariant and what it says; null: none is violated. */
  readonly violation: { readonly invariant: string; readonly message: string } | null;
  /** The same run as a scenario; null where it cannot be written so. */
  readonly yaml: string | null;
  /** What should be known about it. */
  readonly notes: readonly string[];
}

export interface ForkFailed {
  readonly type: 'failed';
  readonly problem: string;
}

export type WorkerRequest = ForkRequest | RunRequest;
export type WorkerAnswer = ForkDone | ForkFailed;
