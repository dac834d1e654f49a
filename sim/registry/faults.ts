/** Every kind of fault that a scenario can write: what it does and how it ends. */
import { faultKinds } from '../faults/index.ts';

export interface FaultEntry {
  readonly kind: string;
  /** One sentence. */
  readonly title: string;
  /** What its end means; null: there is nothing to end. */
  readonly ends: string | null;
}

/** In the order in which people look for them; `end` is made by `for`, never written. */
export const faults: readonly FaultEntry[] = Object.entries(faultKinds)
  .filter(([kind]) => kind !== 'end')
  .map(([kind, { title, ends }]) => ({ kind, title, ends }));
