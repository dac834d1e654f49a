/** Whole nodes: all that happens to one of them or comes from it. */
import { EventKind } from '../../engine/index.ts';
import type { Move } from '../move.ts';
import type { Unit } from './units.ts';

export function eachNode(moves: readonly Move[], nodes: number): readonly Unit[] {
  return Array.from({ length: nodes }, (_, node) =>
    moves.flatMap((move, i) => (touches(move, node) ? [i] : [])),
  ).filter((unit) => unit.length > 0);
}

function touches({ kind, actor, from, payload }: Move, node: number): boolean {
  if (kind !== EventKind.fault) return actor === node || from === node;
  const named = (payload as { readonly nodes?: unknown }).nodes;
  return Array.isArray(named) && named.length === 1 && named[0] === `n${node + 1}`;
}
