/** Every kind of fault that a scenario can write: what it does and how it ends. */
import { faultKinds } from '../faults/index.ts';

export interface FaultEntry {
  readonly kind: string;
  /** One sentence. */
  readonly title: string;
  /** What its end means; null: there is nothing to end. */
  readonly ends: string | null;
}

/** `end` is made by `for`, the others by a search; a schedule says drop and duplicate. */
const unwritten: readonly string[] = ['end', 'lose', 'repeat'];

/** In the order in which people look for them. */
export const faults: readonly FaultEntry[] = Object.entries(faultKinds)
  .filter(([kind]) => !unwritten.includes(kind))
  .map(([kind, { title, ends }]) => ({ kind, title, ends }));
