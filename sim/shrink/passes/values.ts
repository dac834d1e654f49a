/** Simpler values in what is left: faults with fewer nodes and smaller numbers, oldest messages. */
import { EventKind, type FaultAction } from '../../engine/index.ts';
import type { Move } from '../move.ts';
import type { Session } from '../session.ts';

type Value = FaultAction[string];

/** What a fault can do without. */
const OPTIONAL: readonly string[] = ['forUs', 'limit', 'between'];

export function simplifyValues(session: Session): void {
  for (let i = 0; i < session.moves.length; i++) {
    preferOldest(session, i);
    const move = session.moves[i];
    if (move?.kind !== EventKind.fault) continue;
    while (session.moves[i]?.kind === EventKind.fault) {
      const action = session.moves[i]?.payload as FaultAction;
      if (!simpler(action).some((next) => tryFault(session, i, next))) break;
    }
  }
}

/** Of several equal messages the oldest: then the name of the event says it all. */
function preferOldest(session: Session, at: number): void {
  const { moves } = session;
  const move = moves[at] as Move;
  if (move.nth > 0) session.tryMoves(moves.with(at, { ...move, nth: 0 }), at, true);
}

/** The run with another fault in one place; it may be as long as before. */
export function tryFault(session: Session, at: number, action: FaultAction): boolean {
  const { moves } = session;
  const move = moves[at] as Move;
  if (JSON.stringify(action) === JSON.stringify(move.payload)) return false;
  // No pending fault is meant by it: it is made.
  const replaced: Move = { ...move, payload: action, content: null };
  return session.tryMoves(moves.with(at, replaced), at, true);
}

/** The same fault with one thing less, or one number smaller. */
function simpler(action: FaultAction): FaultAction[] {
  const found: FaultAction[] = [];
  for (const field of OPTIONAL) {
    if (action[field] === undefined) continue;
    const { [field]: _gone, ...rest } = action;
    found.push(rest as FaultAction);
  }
  for (const [field, value] of Object.entries(action)) {
    if (field === 'kind') continue;
    for (const next of simplerValues(value)) found.push({ ...action, [field]: next });
  }
  return found;
}

function simplerValues(value: Value): Value[] {
  if (typeof value === 'number') {
    const half = Math.trunc(value / 2);
    return Math.abs(value) <= 1 ? [] : half === 1 ? [1] : [Math.sign(value), half];
  }
  if (!Array.isArray(value)) return [];
  if (value.length > 1) return value.map((_, i) => value.toSpliced(i, 1)) as Value[];
  return [];
}
