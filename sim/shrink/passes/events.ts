/** Single events, and any two of them together. */
import type { Move } from '../move.ts';
import type { Session } from '../session.ts';
import type { Unit } from './units.ts';

export function eachEvent(moves: readonly Move[]): readonly Unit[] {
  return moves.map((_, i) => [i]);
}

/** Pairs grow with the square: only runs up to this length are freed of them. */
const FEW = 64;

/**
 * Any two events that can only go together: one that undoes what the other does. Behind this pass
 * a run is not only 1-minimal but 2-minimal.
 */
export function removePairs(session: Session): void {
  for (let i = session.moves.length - 2; i >= 0; i--) {
    if (session.moves.length > FEW) return;
    for (let j = session.moves.length - 1; j > i; j--) {
      if (session.isOver) return;
      if (session.tryWithout([i, j])) j = Math.min(j, session.moves.length);
    }
  }
}
