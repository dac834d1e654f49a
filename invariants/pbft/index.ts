/** The invariants of PBFT: what every run of the protocol is checked against. */
import type { Invariant } from '../../sim/engine/monitor.ts';
import { agreement, executedOnce, executedPrefix, validity } from './agreement.ts';
import {
  certificateKept,
  committedIsPrepared,
  onePrePrepare,
  preparedUnique,
  withinWatermarks,
} from './certificates.ts';
import { checkpointAgreement, stableCheckpoint } from './checkpoints.ts';
import { liveness } from './liveness.ts';
import { newViewJustified, viewChangeComplete } from './views.ts';

/** What the protocol promises of all correct replicas together. */
export const promised: readonly Invariant[] = [
  agreement,
  validity,
  executedOnce,
  checkpointAgreement,
];

/** What must hold inside; many errors show here first. */
export const internal: readonly Invariant[] = [
  executedPrefix,
  preparedUnique,
  committedIsPrepared,
  certificateKept,
  onePrePrepare,
  withinWatermarks,
  stableCheckpoint,
  newViewJustified,
  viewChangeComplete,
];

/** In the order in which they are asked: the first to find something ends the run. */
export const pbftInvariants: readonly Invariant[] = [...promised, ...internal, liveness];
