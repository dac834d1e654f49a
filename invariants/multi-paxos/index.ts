/** The invariants of Multi-Paxos: what every run of the protocol is checked against. */
import type { Invariant } from '../../sim/engine/monitor.ts';
import { agreement, integrity } from './agreement.ts';
import { monotonicBallot, monotonicPromise, oneLeaderABallot, promiseKept } from './ballots.ts';
import { chosenByQuorum, oneProposalABallot } from './chosen-by-quorum.ts';
import { liveness } from './liveness.ts';
import { configurationOfSlot, logPrefix, monotonicDecided } from './log-prefix.ts';
import { validity } from './validity.ts';

/** Whatever holds in every state, in the order in which they are asked. */
export const safety: readonly Invariant[] = [
  agreement,
  validity,
  integrity,
  chosenByQuorum,
  oneProposalABallot,
  oneLeaderABallot,
  promiseKept,
  monotonicPromise,
  monotonicBallot,
  logPrefix,
  monotonicDecided,
  configurationOfSlot,
];

export const multiPaxosInvariants: readonly Invariant[] = [...safety, liveness];
