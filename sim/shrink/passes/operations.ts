/** Clients: all that one of them does, and all that belongs to one operation. */
import type { Move } from '../move.ts';
import { unitsBy, type Unit } from './units.ts';

export function eachClient(moves: readonly Move[], nodes: number): readonly Unit[] {
  return unitsBy(moves, ({ actor, from }) => {
    const client = Math.max(actor, from);
    return client >= nodes ? `${client}` : '';
  });
}

/** An operation: its invocation, its attempts, the answers to them. */
export function eachOperation(moves: readonly Move[]): readonly Unit[] {
  return unitsBy(moves, ({ operation }) => operation);
}
