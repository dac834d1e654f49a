/** Invariants and what they report. A monitor reads states, never what a protocol says of itself. */
import type { Plain } from './protocol.ts';
import type { WorldView } from './view.ts';

/** One of the facts in conflict: who, what, when. */
export interface Fact {
  readonly text: string;
  /** The node it is about, if one. */
  readonly node?: string;
  /** The index of the event that established it, if known. */
  readonly event?: number;
}

/** An invariant's explanation. Everything in it is plain data. */
export interface Violation {
  /** The invariant's id, `raft/election-safety`. */
  readonly invariant: string;
  /** One sentence: what went wrong. */
  readonly message: string;
  /** The event after which it was seen, and the time in microseconds. */
  readonly event: number;
  readonly at: number;
  readonly node: string | null;
  readonly facts: readonly Fact[];
  /** Values by which two violations can be compared (kind of witness). */
  readonly witness?: Plain;
}

/** What a monitor returns; the engine adds invariant, event, time and node. */
export interface Finding {
  readonly message: string;
  readonly facts: readonly Fact[];
  readonly witness?: Plain;
}

/** Watches one run. */
export interface Monitor {
  /** Called after every event that touched a node; looks only at what the event changed. */
  afterEvent(world: WorldView, node: number): Finding | null;
  /** Called once when a run ends, for properties such as bounded liveness. */
  atEnd?(world: WorldView): Finding | null;
  fork(): Monitor;
  /** A 32-bit hash of the monitor's memory, or pruning would hide violations. */
  hash?(): number;
}

/** A property that must hold in every state. */
export interface Invariant {
  /** `group/name`, as scenarios and the command line write it. */
  readonly id: string;
  /** A sentence that could be false. */
  readonly title: string;
  /** Paper and section. */
  readonly source: string;
  create(world: WorldView): Monitor;
}
