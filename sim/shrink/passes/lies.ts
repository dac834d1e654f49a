/** Lies nearer to the truth: one field in place of a message, wrong by one in place of much. */
import { EventKind, type FaultAction } from '../../engine/index.ts';
import { leavesOf, valueAt } from '../../faults/index.ts';
import type { Move } from '../move.ts';
import type { Session } from '../session.ts';
import { tryFault } from './values.ts';

/** Tries, for each lie, smaller ones until none will do: the event stays, its content shrinks. */
export function smallerLies(session: Session): void {
  for (let i = 0; i < session.moves.length; i++) {
    while (smaller(session.moves[i]).some((next) => tryFault(session, i, next))) continue;
  }
}

/** The same lie with less in it, the least first; none when it is as small as can be. */
function smaller(move: Move | undefined): FaultAction[] {
  if (move?.kind !== EventKind.fault) return [];
  const lie = move.payload as FaultAction;
  if (lie.kind !== 'lie' || lie['silence'] === true || lie['byUs'] !== undefined) return [];
  const { also, ...alone } = lie;
  const only = also === undefined ? [] : [alone as FaultAction];
  const truth = move.target?.payload ?? null;
  const { field, add, value, instead, ...rest } = lie;
  if (instead !== undefined && truth !== null) {
    const changed = leavesOf(truth).flatMap((leaf) => {
      const said = valueAt(instead, leaf.path);
      return said === undefined || said === leaf.value ? [] : [{ ...leaf, said }];
    });
    const steps = changed.flatMap(({ path, value: was, said }) => [
      ...byOne(was, said).map((one) => ({ ...rest, field: path, add: one })),
      { ...rest, field: path, value: said as FaultAction[string] },
    ]);
    return [...only, ...(steps as FaultAction[])];
  }
  if (value !== undefined && typeof field === 'string' && truth !== null) {
    const steps = byOne(valueAt(truth, field), value);
    return [...only, ...steps.map((one) => ({ ...rest, field, add: one }))];
  }
  const isFar = typeof add === 'number' && Math.abs(add) > 1;
  return [...only, ...(isFar ? [{ ...lie, add: Math.sign(add) }] : [])];
}

/** The step of one towards what was said; none where it is no number. */
function byOne(was: unknown, said: unknown): number[] {
  if (typeof was !== 'number' || typeof said !== 'number' || was === said) return [];
  return [Math.sign(said - was)];
}
