/** Shrinks a violating run by the names of its events to one in which every event is needed. */
import type { FaultAction, PendingEvent, Violation, World } from '../engine/index.ts';
import { followSteps, type Step } from '../trace/index.ts';
import { moveOf, stepOfMove, type Move } from './move.ts';
import { passes } from './passes/index.ts';
import { resolved } from './passes/world.ts';
import { Session, type MakeWorld } from './session.ts';
import type { Variant } from './variant.ts';
import { whyNeeded, type Need } from './why.ts';

export interface ShrinkRequest {
  readonly makeWorld: MakeWorld;
  /** The variant of the world in which the violation was found. */
  readonly variant: Variant;
  /** The run that was found, event by event, timed or not. */
  readonly steps: readonly Step[];
  readonly violation: Violation;
  /**
   * For violations that are seen only when a run ends: continues a world whose steps have all
   * happened and asks the monitors. It owns the world.
   */
  readonly settle?: (world: World) => Violation | null;
  /** Events that all candidates together may perform. Default 50 million. */
  readonly budget?: number;
  readonly onProgress?: (progress: Progress) => void;
  /** Asked before each candidate; true ends the shrink with the best so far. */
  readonly interrupted?: () => boolean;
}

export interface Progress {
  /** What is tried at the moment, in words. */
  readonly pass: string;
  readonly before: number;
  readonly now: number;
  readonly replays: number;
}

export interface ShrunkStep extends Step {
  /** For people: `n2<-n1 AppendEntries term=3 prev=4 +2`. */
  readonly label: string;
  /** Why it is needed; null when the shrink ended before that was known. */
  readonly need: Need | null;
}

export interface Shrunk {
  readonly steps: readonly ShrunkStep[];
  readonly violation: Violation;
  /** The world in which the steps lead to it. */
  readonly variant: Variant;
  /** The world in which it was found. */
  readonly foundIn: Variant;
  /** True: without any single one of the steps the violation does not happen. */
  readonly isMinimal: boolean;
  /** Events before. */
  readonly before: number;
  /** What it took: candidates, and events performed in them. */
  readonly replays: number;
  readonly events: number;
  /** What each pass took away, in the order in which they ran; those that took nothing left out. */
  readonly passes: readonly { readonly name: string; readonly removed: number }[];
}

const BUDGET = 50_000_000;

/**
 * The shortest run that deleting leads to, with the same invariant violated by the same kind of
 * witness; never longer than the one given. Null when the steps do not lead to the violation in a
 * world of this variant. The same request gives the same result, unless it is interrupted.
 */
export function shrink(request: ShrinkRequest): Shrunk | null {
  const { makeWorld, variant, steps, violation, budget = BUDGET } = request;
  const { settle = () => null, interrupted = () => false, onProgress } = request;
  let pass = 'replay';
  const accepted = ({ moves, replays }: Session) => {
    onProgress?.({ pass, before: steps.length, now: moves.length, replays });
  };
  const options = { makeWorld, violation, settle, budget, interrupted, accepted };
  const session = new Session(options, variant);
  const moves = firstMoves(request);
  if (moves === null) return null;
  // What a fault draws depends on the time, which no move tells: then it is told what was drawn.
  const begins = session.begin(moves, variant) || session.begin(moves.map(resolved), variant);
  if (!begins) return null;
  const removed = new Map<string, number>();
  let needs: readonly Need[] | null = null;
  do {
    const start = session.moves.length;
    for (const { name, run } of passes) {
      if (session.isOver) break;
      pass = name;
      const length = session.moves.length;
      run(session);
      const gone = length - session.moves.length;
      if (gone > 0) removed.set(name, (removed.get(name) ?? 0) + gone);
    }
    if (session.moves.length < start) continue;
    needs = whyNeeded(session);
  } while (needs === null && !session.isOver);
  return {
    steps: session.moves.map((move, i) => ({
      ...stepOfMove(move),
      label: move.label,
      need: needs?.[i] ?? null,
    })),
    violation: session.violation,
    variant: session.variant,
    foundIn: variant,
    isMinimal: needs !== null,
    before: steps.length,
    replays: session.replays,
    events: session.events,
    passes: [...removed].map(([name, count]) => ({ name, removed: count })),
  };
}

/** The run as it goes in the world that is given: what can happen of it, each event in full. */
function firstMoves({ makeWorld, variant, steps }: ShrinkRequest): readonly Move[] | null {
  const moves: Move[] = [];
  const beforeEvent = (event: PendingEvent) => {
    if (world !== null) moves.push(moveOf(world, event));
  };
  const onFault = (done: FaultAction) => {
    const last = moves.at(-1);
    if (last !== undefined) moves[moves.length - 1] = { ...last, done };
  };
  const world = makeWorld(variant, { beforeEvent, onFault, afterEvent() {} });
  if (world === null) return null;
  followSteps(world, steps);
  return moves;
}
