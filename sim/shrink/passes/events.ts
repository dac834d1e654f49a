/** Single events, and any few of them together. */
import type { Move } from '../move.ts';
import type { Session } from '../session.ts';
import type { Unit } from './units.ts';

export function eachEvent(moves: readonly Move[]): readonly Unit[] {
  return moves.map((_, i) => [i]);
}

/** Sets of so many events are tried in runs of up to so many. */
const SETS: readonly { readonly size: number; readonly longest: number }[] = [
  { size: 2, longest: 64 },
  { size: 3, longest: 20 },
  { size: 4, longest: 12 },
];

/**
 * Any few events that can only go together, wherever they stand: an election that is for nothing
 * because of another, a request and the answers to it. Their number grows too fast for long runs.
 */
export function removeSets(session: Session): void {
  for (const { size, longest } of SETS) {
    let again = true;
    while (again && session.moves.length <= longest) again = removeOne(session, size);
  }
}

/** Tries every set of `size` positions until one can go. */
function removeOne(session: Session, size: number): boolean {
  const last = session.moves.length - 1;
  const chosen: number[] = [];
  const choose = (from: number): boolean => {
    if (session.isOver) return false;
    if (chosen.length === size) return session.tryWithout(chosen);
    for (let i = from; i <= last - (size - chosen.length - 1); i++) {
      chosen.push(i);
      if (choose(i + 1)) return true;
      chosen.pop();
    }
    return false;
  };
  return choose(0);
}
