/**
 * The rules of reads without a log entry (Ongaro's dissertation, §6.4) and of leases (§6.4.1), one
 * function each; `rules.ts` has them all together.
 */
import type { AppendEntriesReply } from './messages.ts';
import { optionsOf } from './options.ts';
import type { RaftOptions } from './options.ts';
import { majorityOf } from './quorum/majority.ts';
import type { RaftState } from './state.ts';

export const readRules = {
  /** §6.4, 1: not before an entry of the own term is committed: until then the index may lag. */
  mayTakeReadIndex: (state: RaftState): boolean =>
    state.log.termAt(state.commitIndex) === state.currentTerm,

  /** §6.4, 3: each read waits for a round of heartbeats that began after it had come in. */
  nextRound: (round: number): number => round + 1,

  /** §6.4, 3: the servers of a group that have to acknowledge a round. */
  readQuorum: majorityOf,

  /** §6.4, 3: an acknowledgement counts if the server takes this leader for its leader. */
  countsRound: (state: RaftState, reply: AppendEntriesReply): boolean =>
    reply.term === state.currentTerm,

  /** §6.4, 3: the round in which the read waits is acknowledged. */
  isConfirmed: (round: number, acknowledgedRound: number): boolean => acknowledgedRound >= round,

  /** §6.4, 4: the state machine has come as far as the read must see. */
  isApplied: (state: RaftState, readIndex: number): boolean => state.lastApplied >= readIndex,

  /** §6.4, last paragraphs: a follower asks the leader for the index. */
  followerAsksLeader: true,

  /** §6.4.1: no follower votes before so much time has passed, however its clock runs. */
  leaseMs: ({ electionTimeoutMinMs, clockBoundMs }: RaftOptions): number =>
    electionTimeoutMinMs - clockBoundMs,

  /** §6.4.1: a lease begins when the heartbeats leave that are acknowledged later, and it ends. */
  leaseRuns: (nowMs: number, confirmedAtMs: number, leaseMs: number): boolean =>
    nowMs >= confirmedAtMs && nowMs - confirmedAtMs < leaseMs,

  /** §6.4.1: who is told to begin an election at once waits for nobody's promise. */
  leaseEndsWithTimeoutNow: true,

  /** §6.4.1, §4.2.3: whom a leader has reached votes for nobody for an election timeout. */
  keepsPromise: (state: RaftState, nowMs: number): boolean =>
    state.leaderContactAt >= 0 &&
    nowMs - state.leaderContactAt < optionsOf(state).electionTimeoutMinMs,

  /** A server that restarts may have promised just before, so it keeps still for as long. */
  promisesAfterRestart: true,
};
