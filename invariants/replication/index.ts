/** The invariants of primary–backup replication; what clients see is in `invariants/history`. */
import type { Invariant } from '../../sim/engine/monitor.ts';
import { acknowledgedSurvives } from './acknowledged-survives.ts';
import { onePrimary } from './one-primary.ts';
import { sameLog } from './same-log.ts';
import { visibleIsStored } from './visible-is-stored.ts';

/** In the order in which they are asked: the first to find something ends the run. */
export const replicationInvariants: readonly Invariant[] = [
  onePrimary,
  visibleIsStored,
  acknowledgedSurvives,
  sameLog,
];
