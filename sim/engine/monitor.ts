/** Invariants and what they report. A monitor reads states, never what a protocol tells it. */
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

/** What a monitor returns; the engine adds event, time and node. */
export interface Finding {
  /** Which invariant it is about; needed only from a monitor that watches several. */
  readonly invariant?: string;
  readonly message: string;
  readonly facts: readonly Fact[];
  readonly witness?: Plain;
}

/** Watches one run. */
export interface Monitor {
  /** Called after every event that touched a node; looks only at what the event changed. */
  afterEvent(world: WorldView, node: number): Finding | null;
  /** Called after every event that happened to a client. */
  afterClient?(world: WorldView): Finding | null;
  /** Called once when a run ends, for properties such as bounded liveness. */
  atEnd?(world: WorldView): Finding | null;
  /** False while the run has not put the property to the test (absent: it always has). */
  readonly judged?: boolean;
  fork(): Monitor;
  /**
   * A 32-bit hash of the monitor's memory, or pruning would hide violations. A node counts under
   * the
   * number that `place` gives it (absent: its own), so that a search can rename nodes.
   */
  hash?(place?: (node: number) => number): number;
}

/** A property that must hold in every state. */
export interface Invariant {
  /** `group/name`, as scenarios and the command line write it. */
  readonly id: string;
  /** A sentence that could be false. */
  readonly title: string;
  /** Paper and section. */
  readonly source: string;
  /**
   * Events at byzantine nodes are not shown to the monitor: what it demands (agreement, say) is
   * owed by correct nodes only. It looks at others through `correctNodes`. Left out: all count.
   */
  readonly correctOnly?: boolean;
  create(world: WorldView): Monitor;
  /**
   * Makes one monitor for several invariants that share this very function: they look once for what
   * an event changed, and their findings say which of them it is about.
   */
  readonly together?: (world: WorldView, invariants: readonly Invariant[]) => Monitor;
}

/** A monitor of a run, under the id of its invariant, or of the first of several. */
export interface Watcher {
  readonly id: string;
  readonly monitor: Monitor;
  readonly correctOnly: boolean;
}

/** Independent copies, for a world that is forked. */
export function forkWatchers(watchers: readonly Watcher[]): Watcher[] {
  return watchers.map(({ id, monitor, correctOnly }) => ({
    id,
    monitor: monitor.fork(),
    correctOnly,
  }));
}

/** The monitors of a run, in the order of the invariants. */
export function createWatchers(invariants: readonly Invariant[], world: WorldView): Watcher[] {
  const watchers: Watcher[] = [];
  for (const invariant of invariants) {
    const { id, together, correctOnly = false } = invariant;
    if (together === undefined) {
      watchers.push({ id, monitor: invariant.create(world), correctOnly });
      continue;
    }
    const group = invariants.filter(
      (other) => other.together === together && (other.correctOnly ?? false) === correctOnly,
    );
    if (group[0] === invariant) watchers.push({ id, monitor: together(world, group), correctOnly });
  }
  return watchers;
}
