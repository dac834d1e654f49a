/** The invariants of atomic commitment; isolation is told by what clients see (history/…). */
import type { Invariant } from '../../sim/engine/monitor.ts';
import { atomicity } from './atomicity.ts';
import { decisionIsDurable } from './decision-is-durable.ts';
import { locksExclude } from './locks.ts';
import { validity } from './validity.ts';
import { noDeadlock, nonBlocking } from './waiting.ts';

/** In the order in which they are asked: the first to find something ends the run. */
export const twoPhaseInvariants: readonly Invariant[] = [
  atomicity,
  validity,
  decisionIsDurable,
  locksExclude,
];

/** Three-phase commit promises more: nobody blocks. (It breaks atomicity where links are cut.) */
export const threePhaseInvariants: readonly Invariant[] = [
  atomicity,
  validity,
  locksExclude,
  nonBlocking,
];

/** What may be asked of these protocols, and they do not promise. */
export const twoPhaseWeaknesses: readonly Invariant[] = [nonBlocking, noDeadlock];
export const threePhaseWeaknesses: readonly Invariant[] = [noDeadlock];
