/** Whole terms (views, ballots): all that happens to nodes while they are in one of them. */
import type { Move } from '../move.ts';
import { unitsBy, type Unit } from './units.ts';

export function eachTerm(moves: readonly Move[]): readonly Unit[] {
  return unitsBy(moves, ({ epoch }) => (epoch < 0 ? '' : `${epoch}`));
}
