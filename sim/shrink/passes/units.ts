/** Delta debugging (Zeller and Hildebrandt, 2002) over units of a run: sets of its positions. */
import type { Move } from '../move.ts';
import type { Session } from '../session.ts';
import { simplifyWorld } from './world.ts';

/** Positions that belong together, ascending. */
export type Unit = readonly number[];

/** How a pass cuts a run into units. They may overlap and need not cover the run. */
export type Cut = (moves: readonly Move[], nodes: number) => readonly Unit[];

/**
 * Removes runs of neighbouring units: first half of them at once, then a quarter, at last each
 * alone. It goes from the back: what lies before a candidate stays as it is, with its snapshots.
 * (Other orders end in runs of the same length: measured.) Whenever much is gone it looks whether a
 * simpler world will do by now, for in a simpler world more can go.
 */
export function removeUnits(session: Session, cut: Cut): void {
  let units = cutNow(session, cut);
  let length = session.moves.length;
  for (let size = Math.ceil(units.length / 2); size >= 1 && !session.isOver;) {
    let end = units.length;
    while (end > 0 && !session.isOver) {
      const start = Math.max(0, end - size);
      if (session.tryWithout(union(units.slice(start, end)))) units = cutNow(session, cut);
      end = Math.min(start, units.length);
    }
    if (size === 1) return;
    if (session.moves.length < MUCH * length) {
      length = session.moves.length;
      simplifyWorld(session);
      units = cutNow(session, cut);
    }
    size = Math.min(Math.ceil(size / 2), Math.max(1, Math.ceil(units.length / 2)));
  }
}

const MUCH = 0.75;

/** Units by a key of each move; moves with an empty key are in none. In order of appearance. */
export function unitsBy(moves: readonly Move[], keyOf: (move: Move) => string): readonly Unit[] {
  const units = new Map<string, number[]>();
  moves.forEach((move, i) => {
    const key = keyOf(move);
    if (key === '') return;
    const unit = units.get(key);
    if (unit === undefined) units.set(key, [i]);
    else unit.push(i);
  });
  return [...units.values()];
}

function cutNow({ moves, variant }: Session, cut: Cut): readonly Unit[] {
  return cut(moves, variant.nodes);
}

function union(units: readonly Unit[]): number[] {
  return [...new Set(units.flat())].toSorted((a, b) => a - b);
}
