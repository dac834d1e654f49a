/** A simpler world for the same steps: no disk delays, nothing left to chance, no idle clients. */
import { EventKind, type FaultAction } from '../../engine/index.ts';
import type { Move } from '../move.ts';
import type { Session } from '../session.ts';
import { simplerVariants } from '../variant.ts';

export function simplifyWorld(session: Session): void {
  const variants = simplerVariants(session.variant, session.moves);
  for (const variant of variants) if (session.begin(session.moves, variant)) break;
  makeCertain(session);
}

/** Weather that hits every message: else what it hits changes with everything that is removed. */
function makeCertain(session: Session): void {
  const { moves, variant } = session;
  if (moves.some(isChance)) session.begin(moves.map(certain), variant);
}

function isChance({ kind, payload }: Move): boolean {
  if (kind !== EventKind.fault) return false;
  const { kind: what, ppm } = payload as FaultAction;
  return ['duplicate', 'replay-old'].includes(what) && ppm !== CERTAIN;
}

function certain(move: Move): Move {
  if (!isChance(move)) return move;
  const payload = { ...(move.payload as FaultAction), ppm: CERTAIN };
  return { ...move, payload, content: null };
}

const CERTAIN = 1_000_000;
