/**
 * Requests in place of clients: what nodes are asked stays, that somebody waits and retries goes.
 */
import { EventKind, type Command, type FaultAction, type Request } from '../../engine/index.ts';
import type { Move } from '../move.ts';
import type { Variant } from '../variant.ts';

/**
 * A client's request needs its invocation, perhaps timeouts, retries and refusals by other nodes
 * before it; a request out of a script needs nothing. Violations of what clients see do not survive
 * this, and then the clients stay. Null when there are no clients.
 */
export function plainRequests(moves: readonly Move[], variant: Variant): readonly Move[] | null {
  if (variant.clients === 0) return null;
  return moves.flatMap((move) => replaced(move, variant.nodes));
}

function replaced(move: Move, nodes: number): readonly Move[] {
  const { actor, kind, from, payload } = move;
  if (kind === EventKind.request && from >= nodes) {
    const { command } = payload as Request;
    return isScalar(command) ? requestMoves(move, command) : [];
  }
  return actor >= nodes ? [] : [move];
}

/** The fault that puts the request into the node's hands, and its arrival there. */
function requestMoves(move: Move, command: Command): readonly Move[] {
  const payload: FaultAction = { kind: 'request', node: `n${move.actor + 1}`, command };
  const fault = { kind: EventKind.fault, actor: -1, from: -1, what: 'request', content: null };
  return [
    { ...move, ...fault, payload },
    { ...move, from: -1, content: null },
  ];
}

/** What a script can write. */
function isScalar(command: Command): boolean {
  return Object.values(command).every(
    (value) => typeof value === 'string' || typeof value === 'number',
  );
}
