/** The invariants of conflict resolution; what clients see is in `invariants/history`. */
import type { Invariant } from '../../sim/engine/monitor.ts';
import { knowledgeGrows } from './knowledge-grows.ts';
import { liveness } from './liveness.ts';
import { ownWriteWins, unseenStays } from './own-writes.ts';
import { strongConvergence } from './strong-convergence.ts';

/** In the order in which they are asked: the first to find something ends the run. */
export const conflictInvariants: readonly Invariant[] = [
  strongConvergence,
  knowledgeGrows,
  ownWriteWins,
  unseenStays,
  liveness,
];
