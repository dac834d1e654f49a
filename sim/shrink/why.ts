/** What happens without each step of a shrunk run: the proof that it is minimal, kept as data. */
import type { Violation } from '../engine/index.ts';
import { findMove, isExactly, moveOf, type Move } from './move.ts';
import type { Session } from './session.ts';

/** The rest of the run without one step. Positions are those of the shrunk run. */
export interface Need {
  /** Later steps that cannot happen then. */
  readonly missing: readonly number[];
  /** Later steps that happen with another content, and their labels then. */
  readonly changed: readonly { readonly step: number; readonly label: string }[];
  /** What is violated instead; null: nothing. */
  readonly instead: Pick<Violation, 'invariant' | 'message'> | null;
}

/**
 * Runs the best without each of its steps. Null when one of them was not needed after all (then
 * the best is shorter now), or when the session is over.
 */
export function whyNeeded(session: Session): readonly Need[] | null {
  const needs: Need[] = [];
  for (let i = session.moves.length - 1; i >= 0; i--) {
    if (session.isOver) return null;
    const need = without(session, i);
    const isNeeded = need !== null && !session.tryMoves(oldestAfter(session.moves, i), i);
    if (need === null) session.tryWithout([i]);
    if (!isNeeded) return null;
    needs.unshift(need);
  }
  return needs;
}

/**
 * Without one move, and with the oldest event of its sort for each later one that is not there in
 * the same form: as `followSteps` would do it, so that the result is minimal for it as well.
 */
function oldestAfter(moves: readonly Move[], left: number): readonly Move[] {
  const rest = moves.slice(left + 1).map((move) => ({ ...move, label: '', younger: Infinity }));
  return [...moves.slice(0, left), ...rest];
}

/** Null when the violation is still there. */
function without(session: Session, left: number): Need | null {
  const { moves } = session;
  const { world, at } = session.resume(left);
  const missing: number[] = [];
  const changed: { step: number; label: string }[] = [];
  for (let i = at; i < moves.length && world.violation === null; i++) {
    if (i === left) continue;
    const move = moves[i] as Move;
    const event = findMove(world, move);
    if (event === null) {
      missing.push(i);
      continue;
    }
    if (!isExactly(world, event, move))
      changed.push({ step: i, label: moveOf(world, event).label });
    world.perform(event);
  }
  session.replays++;
  session.events += moves.length - at;
  if (session.judge(world) !== null) return null;
  const { violation } = world;
  const instead =
    violation === null ? null : { invariant: violation.invariant, message: violation.message };
  return { missing, changed, instead };
}
