/**
 * The rules of the papers, one function each. Both protocols are made from them, and a mutant is
 * the same protocol with one rule replaced. GL: Gray and Lamport, Consensus on Transaction Commit,
 * 2006; MLO: Mohan, Lindsay and Obermarck, Transaction Management in R*, 1986; BHG: Bernstein,
 * Hadzilacos and Goodman, Concurrency Control and Recovery in Database Systems, 1987.
 */
import type { Verdict } from '../locking/deadlocks.ts';
import type { Claim } from '../locking/locks.ts';
import type { Standing } from './messages.ts';
import type { Decision, Transaction } from './state.ts';

/** What a participant in doubt does that has heard nothing of its coordinator for a while. */
export type Termination = 'wait' | 'commit' | 'abort' | 'pre-commit';

export const twoPhaseRules = {
  /** Skeen 1981: a phase between the votes and the decision, so that nobody need be in doubt. */
  preCommits: false as boolean,

  /** What a step does that has to wait, where no age prevents deadlocks: it waits. */
  waits: (_claim: Claim, _blockers: readonly Claim[]): Verdict => ({ dies: false, wounds: [] }),

  /** BHG §3.3: write locks are kept until the transaction has ended. */
  locksLastUntilTheEnd: true,

  /** GL §3: a participant's vote is on its disk before it says Prepared. */
  voteWaitsForDisk: true,

  /** GL §3.1: the decision is on the coordinator's disk before anybody hears of it. */
  decisionWaitsForDisk: true,

  /** GL §3: the coordinator may abort as long as it has not decided. */
  mayAbort: (phase: Transaction['phase']): boolean =>
    phase === 'executing' || phase === 'preparing',

  /** MLO §3.2, presumed abort: a commit is forgotten when all participants have acknowledged it. */
  forgets: ({ participants, acknowledged }: Decision): boolean =>
    participants.every((node) => acknowledged.includes(node)),

  /** MLO §3.2: what is unknown was aborted; of what is under way nothing is presumed. */
  presumesAbort: (isUnderWay: boolean): boolean => !isUnderWay,

  /** BHG §7.4: a participant that has voted yes must not decide alone. */
  terminate: (_own: Standing, _others: readonly Standing[], _isFirst: boolean): Termination =>
    'wait',
} satisfies Record<string, unknown>;

/** Booleans widen, so that a mutant may flip them. */
export type CommitRules = {
  readonly [Rule in keyof typeof twoPhaseRules]: (typeof twoPhaseRules)[Rule] extends boolean
    ? boolean
    : (typeof twoPhaseRules)[Rule];
};

export const threePhaseRules: CommitRules = {
  ...twoPhaseRules,
  preCommits: true,

  /**
   * BHG §7.5, termination rules: the first of those who answer decides. If somebody is
   * pre-committed, all will be, and then commit; if nobody is, nobody can have committed.
   */
  terminate(own, others, isFirst) {
    if (!isFirst) return 'wait';
    const all = [own, ...others];
    if (all.every((standing) => standing === 'pre-committed')) return 'commit';
    return all.includes('pre-committed') ? 'pre-commit' : 'abort';
  },
};
