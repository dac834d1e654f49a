/** The invariants of PBFT: what every run of the protocol is checked against. */
import type { Invariant } from '../../sim/engine/monitor.ts';

/** In the order in which they are asked: the first to find something ends the run. */
export const pbftInvariants: readonly Invariant[] = [];
