/**
 * The state of one shrink: the shortest violating list of moves so far, with snapshots along it, so
 * that a candidate begins where it first differs and not at the beginning of the run.
 */
import type { Observer, PendingEvent, Violation, World } from '../engine/index.ts';
import { findMove, isExactly, moveOf, type Move } from './move.ts';
import { performNoted } from './note.ts';
import type { Variant } from './variant.ts';
import { isSameKind } from './violation.ts';

/**
 * Makes the world of a run before its first event, each time anew and always the same; null when
 * there is no such variant of it.
 */
export type MakeWorld = (variant: Variant, observer?: Observer) => World | null;

export interface SessionOptions {
  readonly makeWorld: MakeWorld;
  /** What has to be seen again. */
  readonly violation: Violation;
  /** Continues a run whose steps have all happened, for what is only seen then (liveness). */
  readonly settle: (world: World) => Violation | null;
  /** Events that all candidates together may perform. */
  readonly budget: number;
  readonly interrupted: () => boolean;
  /** Called after each candidate that was accepted. */
  readonly accepted: (session: Session) => void;
}

interface Snapshot {
  /** How many moves have been performed. */
  readonly at: number;
  readonly world: World;
}

/** How many snapshots lie along a run, and how far they lie apart at least. */
const SNAPSHOTS = 48;
const STRIDE = 3;

export class Session {
  /** The best so far; empty before `begin`. */
  moves: readonly Move[] = [];
  variant: Variant;
  violation: Violation;
  /** Candidates tried. */
  replays = 0;
  /** Events performed, those that snapshots saved not counted. */
  events = 0;
  private readonly options: SessionOptions;
  private root: World | null = null;
  private snapshots: Snapshot[] = [];

  constructor(options: SessionOptions, variant: Variant) {
    this.options = options;
    this.variant = variant;
    this.violation = options.violation;
  }

  /** True when no further candidate is tried: the budget is used up, or somebody interrupted. */
  get isOver(): boolean {
    return this.events >= this.options.budget || this.options.interrupted();
  }

  /**
   * Performs these moves from the beginning of a variant of the world. They become the best when
   * they lead to the violation and are no more than before (or the first); else nothing changes.
   */
  begin(moves: readonly Move[], variant: Variant): boolean {
    const root = this.isOver ? null : this.options.makeWorld(variant);
    if (root === null) return false;
    const world = root.fork();
    const performed = this.perform(world, moves, true);
    const isLonger = this.root !== null && performed.length > this.moves.length;
    if (isLonger || this.judge(world) === null) return false;
    this.variant = variant;
    this.root = root;
    this.adopt(performed, 0);
    return true;
  }

  /** Tries the run without these positions (ascending). */
  tryWithout(positions: readonly number[]): boolean {
    const gone = new Set(positions);
    const rest = this.moves.filter((_, i) => !gone.has(i));
    return gone.size > 0 && this.tryMoves(rest, positions[0] as number);
  }

  /**
   * Tries a run whose first `shared` moves are those of the best. It becomes the best when it leads
   * to the violation with fewer events; with `asLong` as many will do.
   */
  tryMoves(moves: readonly Move[], shared: number, asLong = false): boolean {
    if (this.isOver) return false;
    const { world, at } = this.resume(shared);
    const performed = this.perform(world, moves.slice(at));
    const length = at + performed.length - (asLong ? 1 : 0);
    if (length >= this.moves.length || this.judge(world) === null) return false;
    this.adopt([...this.moves.slice(0, at), ...performed], shared);
    return true;
  }

  /** A copy of the world after the first `at` moves of the best; at most `position` of them. */
  resume(position: number): { readonly world: World; readonly at: number } {
    let best: Snapshot = { at: 0, world: this.root as World }; // After `begin`.
    for (const snapshot of this.snapshots) if (snapshot.at <= position) best = snapshot;
    return { world: best.world.fork(), at: best.at };
  }

  /** The violation of a run that has come to its end, if it is of the kind that is looked for. */
  judge(world: World): Violation | null {
    const violation = world.violation ?? this.options.settle(world);
    return violation !== null && isSameKind(violation, this.options.violation) ? violation : null;
  }

  /** Performs what it can; returns what that was. `byLabel`: see `findMove`. */
  perform(world: World, moves: readonly Move[], byLabel = false): readonly Move[] {
    const before = world.counters.events;
    const performed: Move[] = [];
    for (let i = 0; i < moves.length && world.violation === null; i++) {
      const move = moves[i] as Move;
      const event: PendingEvent | null = findMove(world, move, byLabel);
      if (event === null) continue;
      performed.push(isExactly(world, event, move) ? move : moveOf(world, event));
      world.perform(event);
    }
    this.replays++;
    this.events += world.counters.events - before;
    return performed;
  }

  /** Goes along the new best once more, to note what passes want to know and to take snapshots. */
  private adopt(moves: readonly Move[], shared: number): void {
    this.snapshots = this.snapshots.filter(({ at }) => at <= shared);
    const { world, at } = this.resume(shared);
    const stride = Math.max(STRIDE, Math.ceil(moves.length / SNAPSHOTS));
    const noted = moves.slice(0, at);
    for (let i = at; i < moves.length; i++) {
      if (i >= at + stride && i % stride === 0) this.snapshots.push({ at: i, world: world.fork() });
      noted.push(performNoted(world, moves[i] as Move));
    }
    this.events += moves.length - at;
    this.moves = noted;
    this.violation = this.judge(world) ?? this.violation;
    this.options.accepted(this);
  }
}
