/** The invariants of the replicated register; what clients see is in `invariants/history`. */
import type { Invariant } from '../../sim/engine/monitor.ts';
import { acknowledgedIsStored } from './acknowledged-is-stored.ts';
import { oneValueATimestamp } from './one-value-a-timestamp.ts';
import { timestampsGrow } from './timestamps-grow.ts';

/** In the order in which they are asked: the first to find something ends the run. */
export const registerInvariants: readonly Invariant[] = [
  acknowledgedIsStored,
  timestampsGrow,
  oneValueATimestamp,
];
