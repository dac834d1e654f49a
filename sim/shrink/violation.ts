/** When two violations count as the same: one invariant, one kind of witness. */
import type { Plain, Violation } from '../engine/index.ts';

export function isSameKind(a: Violation, b: Violation): boolean {
  return a.invariant === b.invariant && kindOf(a.witness) === kindOf(b.witness);
}

/**
 * A word is a kind ("missing", "different"); of other values only the shape counts, for who, where
 * and when change while a run shrinks.
 */
function kindOf(witness: Plain | undefined): string {
  if (typeof witness === 'string') return witness;
  if (typeof witness !== 'object' || witness === null) return typeof witness;
  if (Array.isArray(witness)) return 'list';
  return Object.keys(witness)
    .toSorted((a, b) => (a < b ? -1 : 1))
    .join();
}
