/** Simpler values in the faults that are left: names for {any}, fewer nodes, smaller numbers. */
import { EventKind, type FaultAction } from '../../engine/index.ts';
import type { Move } from '../move.ts';
import type { Session } from '../session.ts';

type Value = FaultAction[string];

/** What a fault can do without. */
const OPTIONAL: readonly string[] = ['forUs', 'limit', 'between'];

export function simplifyValues(session: Session): void {
  for (let i = 0; i < session.moves.length; i++) {
    const { kind, done, payload } = session.moves[i] as Move;
    if (kind !== EventKind.fault) continue;
    if (done !== null && !('skipped' in done)) tryFault(session, i, done);
    let action = payload as FaultAction;
    for (let accepted = true; accepted;) {
      accepted = simpler(action).some((next) => {
        if (!tryFault(session, i, next)) return false;
        action = next;
        return true;
      });
    }
  }
}

function tryFault(session: Session, at: number, action: FaultAction): boolean {
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
