/** Whole nodes: all that happens to one of them or comes from it. */
import { touches, type Move } from '../move.ts';
import type { Unit } from './units.ts';

export function eachNode(moves: readonly Move[], nodes: number): readonly Unit[] {
  return Array.from({ length: nodes }, (_, node) =>
    moves.flatMap((move, i) => (touches(move, node) ? [i] : [])),
  ).filter((unit) => unit.length > 0);
}
