/** Single events, and any two of them together. */
import type { Move } from '../move.ts';
import type { Session } from '../session.ts';
import type { Unit } from './units.ts';

export function eachEvent(moves: readonly Move[]): readonly Unit[] {
  return moves.map((_, i) => [i]);
}

/** Pairs grow with the square: only runs up to this length are freed of them. */
const LONGEST = 64;

/**
 * Any two events that can only go together, wherever they stand. (Sets of three and four take three
 * times as many replays and took nothing away: measured.)
 */
export function removePairs(session: Session): void {
  for (let i = 0; i < session.moves.length && session.moves.length <= LONGEST; i++) {
    for (let j = i + 1; j < session.moves.length; j++) {
      if (session.isOver) return;
      // What stands at these places now has not been tried.
      if (session.tryWithout([i, j])) j = i;
    }
  }
}
