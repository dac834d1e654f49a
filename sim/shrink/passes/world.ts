/** A simpler world for the same steps: no disk delays, no chance, no clients that wait. */
import { EventKind, type FaultAction } from '../../engine/index.ts';
import type { Move } from '../move.ts';
import type { Session } from '../session.ts';
import { simplerVariants } from '../variant.ts';
import { plainRequests } from './requests.ts';

/**
 * Tries everything at once first: what clients draw depends on the time, what is lost or doubled on
 * both, and in a long run each small difference becomes a large one. Costs nothing when the world
 * is as simple as it can be.
 */
export function simplifyWorld(session: Session): void {
  const { moves, variant } = session;
  const concrete = moves.map(resolved);
  if (concrete.some((move, i) => move !== moves[i])) session.begin(concrete, variant);
  const certain = session.moves.flatMap(withoutChance);
  const worlds = simplerVariants(variant, session.moves);
  const plain = plainRequests(certain, variant);
  const tries = [
    ...[...worlds, variant].map((world) => ({ moves: plain, world: { ...world, clients: 0 } })),
    ...worlds.map((world) => ({ moves: certain, world })),
    ...worlds.map((world) => ({ moves: session.moves, world })),
    { moves: certain, world: variant },
  ];
  for (const { moves: steps, world } of tries) {
    if (steps === null || isSame(session, steps, world)) continue;
    if (session.begin(steps, world)) return;
  }
}

function isSame(session: Session, moves: readonly Move[], world: Session['variant']): boolean {
  const { variant } = session;
  const { clients, weather, instantDisk } = world;
  if (clients !== variant.clients || weather !== variant.weather) return false;
  if (instantDisk !== variant.instantDisk || moves.length !== session.moves.length) return false;
  return moves.every((move, i) => move === session.moves[i]);
}

/** The fault as it was performed, in its own fields: names for {any}, shapes that were drawn. */
export function resolved(move: Move): Move {
  const { done, kind } = move;
  if (kind !== EventKind.fault || done === null || 'skipped' in done) return move;
  const action = move.payload as FaultAction;
  const fields = Object.keys(action).map((field) => [field, done[field] ?? action[field]]);
  const payload = done.kind === action.kind ? (Object.fromEntries(fields) as FaultAction) : done;
  return JSON.stringify(payload) === JSON.stringify(action) ? move : withAction(move, payload);
}

/**
 * Weather that hits every message, or none: else what it hits changes with everything that is left
 * out. Untimed, a message that is late or never comes needs no weather: it is not delivered.
 */
function withoutChance(move: Move): readonly Move[] {
  if (move.kind !== EventKind.fault) return [move];
  const action = move.payload as FaultAction;
  switch (action.kind) {
    case 'loss':
    case 'delay':
    case 'reorder':
      return [];
    case 'duplicate':
    case 'replay-old':
      return action['ppm'] === CERTAIN ? [move] : [withAction(move, { ...action, ppm: CERTAIN })];
    default:
      return [move];
  }
}

const CERTAIN = 1_000_000;

/** No pending fault is meant by it any more: it is made. */
function withAction(move: Move, payload: FaultAction): Move {
  return { ...move, payload, content: null };
}
