/** What went wrong first: faults, and pairs of one that begins and one that ends something. */
import { EventKind, type FaultAction } from '../../engine/index.ts';
import type { Move } from '../move.ts';
import type { Unit } from './units.ts';

/** Every fault alone. */
export function eachFault(moves: readonly Move[]): readonly Unit[] {
  return moves.flatMap(({ kind }, i) => (kind === EventKind.fault ? [[i]] : []));
}

/**
 * A crash with the restart that follows it, a pause with its resume, a cut or bad weather with its
 * end: either alone often cannot go, for what comes later needs the node or the link.
 */
export function faultPairs(moves: readonly Move[]): readonly Unit[] {
  const units: Unit[] = [];
  moves.forEach((move, i) => {
    const enders = endersOf(actionOf(move)?.kind);
    const j = moves.findIndex(
      (other, at) => at > i && enders.includes(actionOf(other)?.kind ?? ''),
    );
    if (j > i) units.push([i, j]);
  });
  return units;
}

function actionOf({ kind, payload }: Move): FaultAction | null {
  return kind === EventKind.fault ? (payload as FaultAction) : null;
}

function endersOf(kind: string | undefined): readonly string[] {
  switch (kind) {
    case undefined:
    case 'end':
    case 'heal':
    case 'resume':
    case 'restart':
    case 'request':
      return [];
    case 'crash':
    case 'wipe':
      return ['restart', 'heal', 'end'];
    case 'pause':
      return ['resume', 'heal', 'end'];
    default:
      return ['heal', 'end'];
  }
}
