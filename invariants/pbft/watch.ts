/**
 * One look at a replica after each event: what changed there? Only the invariants that care about
 * such a change are asked, and only about correct replicas.
 */
import type { Finding, Invariant, Monitor } from '../../sim/engine/monitor.ts';
import type { NodeView, WorldView } from '../../sim/engine/view.ts';
import type { LogCursor } from '../../protocols/common/log.ts';
import type { Slot } from '../../protocols/pbft/message-log.ts';
import type {
  CertifiedCheckpoint,
  Executed,
  OwnCheckpoint,
  PbftState,
} from '../../protocols/pbft/state.ts';
import { NONE, pbftState } from './replicas.ts';

/** A replica whose state has changed. Valid only during the call it is passed to. */
export interface Change {
  readonly world: WorldView;
  readonly node: number;
  readonly state: PbftState;
}

type Answer = Finding | null;

/** An invariant's part: a memory, and what it says to changes. */
export interface Checker {
  /** The first event of one of the replica's lives: what follows may repeat what was before. */
  onStart?(change: Change): void;
  /** A slot is new or has changed; `old` is null for a new one. */
  onSlot?(change: Change, slot: Slot, old: Slot | null): Answer;
  /** A slot is gone from the log. */
  onDiscard?(change: Change, old: Slot): Answer;
  onExecuted?(change: Change, sequence: number, entry: Executed): Answer;
  /** What was executed came in a snapshot that ends there. */
  onInstalled?(change: Change, sequence: number): void;
  /** The replica has taken a checkpoint or fetched one. */
  onCheckpoint?(change: Change, checkpoint: OwnCheckpoint): Answer;
  onStable?(change: Change, stable: CertifiedCheckpoint): Answer;
  /** The view has changed, or the replica has become active or inactive in it. */
  onView?(change: Change): Answer;
  fork(): Checker;
  /** What the states do not show; absent when the memory mirrors them. */
  hash?(): number;
}

export interface PbftInvariant extends Invariant {
  check(): Checker;
}

/** An invariant from its description and its part of the watch. */
export function pbftInvariant(
  description: Pick<Invariant, 'id' | 'title' | 'source'>,
  check: () => Checker,
): PbftInvariant {
  const invariant: PbftInvariant = {
    ...description,
    correctOnly: true,
    check,
    create: (world) => watchTogether(world, [invariant]),
    together: watchTogether,
  };
  return invariant;
}

function watchTogether(world: WorldView, invariants: readonly Invariant[]): Monitor {
  const ids = invariants.map(({ id }) => id);
  const checkers = invariants.map((invariant) => (invariant as PbftInvariant).check());
  return new Watch(ids, checkers, world.nodes.map(unseen));
}

/** A replica as it was last seen; as a cursor it says how far its log was read. */
interface Seen extends LogCursor {
  incarnation: number;
  view: number;
  isActive: boolean;
  slotsVersion: number;
  slots: Map<number, Slot>;
  logVersion: number;
  checkpoints: readonly OwnCheckpoint[] | null;
  stable: CertifiedCheckpoint | null;
}

function unseen(): Seen {
  return {
    incarnation: NONE,
    view: NONE,
    isActive: false,
    slotsVersion: NONE,
    slots: new Map(),
    logVersion: NONE,
    truncations: 0,
    lastIndex: 0,
    checkpoints: null,
    stable: null,
  };
}

type Question = (checker: Checker) => Answer | undefined;

class Watch implements Monitor {
  private readonly ids: readonly string[];
  private readonly checkers: readonly Checker[];
  /** By replica. */
  private readonly seen: Seen[];

  constructor(ids: readonly string[], checkers: readonly Checker[], seen: Seen[]) {
    this.ids = ids;
    this.checkers = checkers;
    this.seen = seen;
  }

  afterEvent(world: WorldView, node: number): Answer {
    const state = pbftState(world, node);
    if (state === null) return null;
    const change = { world, node, state };
    const { incarnation } = world.nodes[node] as NodeView;
    let seen = this.seen[node] as Seen;
    if (incarnation !== seen.incarnation) {
      seen = { ...unseen(), incarnation };
      this.seen[node] = seen;
      for (const checker of this.checkers) checker.onStart?.(change);
    }
    // What was executed comes first: a checkpoint lets go of what it covers.
    return (
      this.readLog(change, seen) ??
      this.readCheckpoints(change, seen) ??
      this.readSlots(change, seen) ??
      this.readView(change, seen)
    );
  }

  fork(): Monitor {
    return new Watch(
      this.ids,
      this.checkers.map((checker) => checker.fork()),
      this.seen.map((seen) => ({ ...seen, slots: new Map(seen.slots) })),
    );
  }

  hash(): number {
    return this.checkers.reduce((sum, checker) => (sum + (checker.hash?.() ?? 0)) | 0, 0);
  }

  private ask(question: Question): Answer {
    for (let i = 0; i < this.checkers.length; i++) {
      const finding = question(this.checkers[i] as Checker);
      if (finding) return { ...finding, invariant: this.ids[i] as string };
    }
    return null;
  }

  private readLog(change: Change, seen: Seen): Answer {
    const { log } = change.state;
    if (log.version === seen.logVersion) return null;
    const first = log.firstChange(seen);
    if (log.baseIndex > seen.lastIndex) {
      for (const checker of this.checkers) checker.onInstalled?.(change, log.baseIndex);
    }
    seen.logVersion = log.version;
    seen.truncations = log.truncations;
    seen.lastIndex = log.lastIndex;
    for (let sequence = first; sequence <= log.lastIndex; sequence++) {
      const entry = log.at(sequence) as Executed; // firstIndex <= sequence <= lastIndex
      const finding = this.ask((checker) => checker.onExecuted?.(change, sequence, entry));
      if (finding !== null) return finding;
    }
    return null;
  }

  private readCheckpoints(change: Change, seen: Seen): Answer {
    const { checkpoints, stable } = change.state;
    if (checkpoints !== seen.checkpoints) {
      const known = seen.checkpoints ?? [];
      seen.checkpoints = checkpoints;
      for (const checkpoint of checkpoints) {
        if (known.includes(checkpoint)) continue;
        const finding = this.ask((checker) => checker.onCheckpoint?.(change, checkpoint));
        if (finding !== null) return finding;
      }
    }
    if (stable === seen.stable) return null;
    seen.stable = stable;
    return stable.sequence === 0 ? null : this.ask((checker) => checker.onStable?.(change, stable));
  }

  private readSlots(change: Change, seen: Seen): Answer {
    const { slots } = change.state;
    if (slots.version === seen.slotsVersion) return null;
    seen.slotsVersion = slots.version;
    let finding: Answer = null;
    slots.each((slot) => {
      const old = seen.slots.get(slot.sequence) ?? null;
      if (old === slot) return;
      seen.slots.set(slot.sequence, slot);
      finding ??= this.ask((checker) => checker.onSlot?.(change, slot, old));
    });
    for (const [sequence, old] of seen.slots) {
      if (slots.get(sequence) !== undefined) continue;
      seen.slots.delete(sequence);
      finding ??= this.ask((checker) => checker.onDiscard?.(change, old));
    }
    return finding;
  }

  private readView(change: Change, seen: Seen): Answer {
    const { view, isActive } = change.state;
    if (view === seen.view && isActive === seen.isActive) return null;
    seen.view = view;
    seen.isActive = isActive;
    return this.ask((checker) => checker.onView?.(change));
  }
}
