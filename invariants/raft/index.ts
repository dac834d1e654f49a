/** The invariants of Raft: what every run of the protocol is checked against. */
import type { Invariant } from '../../sim/engine/monitor.ts';
import { electionSafety } from './election-safety.ts';
import { inflightWindow } from './flow.ts';
import { leaderAppendOnly } from './leader-append-only.ts';
import { leaderCompleteness } from './leader-completeness.ts';
import { liveness } from './liveness.ts';
import { logMatching } from './log-matching.ts';
import {
  configurationChange,
  latestConfiguration,
  leaderInConfiguration,
  transferTarget,
} from './membership.ts';
import { monotonicCommitIndex, monotonicLastApplied, monotonicTerm } from './monotonic.ts';
import { matchBelowNext, monotonicMatchIndex } from './progress.ts';
import { stableTerm } from './stable-term.ts';
import { stateMachineSafety } from './state-machine-safety.ts';

/** Figure 3 of the extended paper. */
export const figure3: readonly Invariant[] = [
  electionSafety,
  leaderAppendOnly,
  logMatching,
  leaderCompleteness,
  stateMachineSafety,
];

/** What must hold inside a server; many errors show here first. */
export const internal: readonly Invariant[] = [
  monotonicTerm,
  monotonicCommitIndex,
  monotonicLastApplied,
  monotonicMatchIndex,
  matchBelowNext,
  inflightWindow,
  leaderInConfiguration,
  configurationChange,
  latestConfiguration,
  transferTarget,
  stableTerm,
];

/** In the order in which they are asked: the first to find something ends the run. */
export const raftInvariants: readonly Invariant[] = [...figure3, ...internal, liveness];
