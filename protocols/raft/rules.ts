/**
 * The rules of the paper, one function each. The protocol is made from them (`raft(rules)`), and a
 * mutant is the same protocol with one rule replaced.
 */
import type { NodeId } from '../../sim/engine/protocol.ts';
import type { Log, LogEntry } from '../common/log.ts';
import type { MachineSnapshot } from '../common/state-machine.ts';
import { membershipRules } from './membership-rules.ts';
import type { AppendEntries, AppendEntriesReply, Entry, RequestVote } from './messages.ts';
import type { RaftOptions } from './options.ts';
import { committedIndex, majorityOf } from './quorum/majority.ts';
import { readRules } from './read-rules.ts';
import type { InFlight, Progress, RaftState } from './state.ts';

/** Just enough of a candidate's request: RequestVote and PreVote both have it. */
type LastEntry = Pick<RequestVote, 'lastLogIndex' | 'lastLogTerm'>;

export const paperRules = {
  /** §5.2: more than half of the servers. */
  quorum: majorityOf,

  /** §9.3: drawn at random from this interval, in milliseconds. */
  electionTimeout: (options: RaftOptions): readonly [number, number] => [
    options.electionTimeoutMinMs,
    options.electionTimeoutMaxMs,
  ],

  /** Figure 2: the vote belongs to the term, so it is forgotten exactly when the term grows. */
  voteInTerm: (oldTerm: number, newTerm: number, votedFor: NodeId | null): NodeId | null =>
    newTerm > oldTerm ? null : votedFor,

  /** Dissertation §6.2: stepping down for want of a quorum keeps the term, and so the vote. */
  voteAfterStepDown: (votedFor: NodeId | null): NodeId | null => votedFor,

  /** Dissertation §9.6: asking for pre-votes changes neither the term nor the vote. */
  termBeforePreVote: (term: number): number => term,
  voteBeforePreVote: (votedFor: NodeId | null): NodeId | null => votedFor,

  /** §5.2: a candidate that hears from a leader of its own term follows it. */
  followsLeaderOf: (state: RaftState, term: number): boolean => term >= state.currentTerm,

  /** §5.2: only a vote that was granted restarts the election timer. */
  voteRestartsTimer: (voteGranted: boolean): boolean => voteGranted,

  /** §5.1: whoever learns of a newer term, in a reply too, steps down. */
  learnsTermFromReply: true,

  /** Figure 2, RequestVote 2: at most one vote a term, first come first served (§5.2). */
  voteIsFree: (state: RaftState, candidateId: NodeId): boolean =>
    state.votedFor === null || state.votedFor === candidateId,

  /** §5.4.1: the later last term wins; between equal terms, the longer log. */
  isUpToDate: (candidate: LastEntry, log: Log<LogEntry>): boolean => {
    if (candidate.lastLogTerm !== log.lastTerm) return candidate.lastLogTerm > log.lastTerm;
    return candidate.lastLogIndex >= log.lastIndex;
  },

  /** A vote counts only in the term for which it was asked. */
  countsVoteReply: (state: RaftState, replyTerm: number): boolean =>
    replyTerm === state.currentTerm,

  /** An acknowledgement counts only for the leadership that asked for it. */
  countsAppendReply: (state: RaftState, replyTerm: number): boolean =>
    replyTerm === state.currentTerm,

  countsSnapshotReply: (state: RaftState, replyTerm: number): boolean =>
    replyTerm === state.currentTerm,

  /** §5.2: votes are counted by server, so a repeated reply adds nothing. */
  addVote: (votes: readonly NodeId[], voter: NodeId): NodeId[] =>
    votes.includes(voter) ? [...votes] : [...votes, voter],

  /** §5.3, Leader Append-Only: where a leader puts a new entry. */
  positionOfNewEntry: (state: RaftState): number => state.log.lastIndex + 1,

  /** A new leader keeps its log as it is (§5.3). Returns the last index to keep. */
  keepsOnElection: (state: RaftState): number => state.log.lastIndex,

  /** Figure 2, AppendEntries 2: the log has an entry at prevLogIndex with the term prevLogTerm. */
  matchesPrevious: (log: Log<LogEntry>, index: number, term: number): boolean =>
    log.termAt(index) === term,

  /**
   * Figure 2, AppendEntries 3: the last index to keep before appending: the log is cut only where
   * an
   * existing entry conflicts (same index, other term) with a new one.
   */
  keepBefore: (log: Log<LogEntry>, message: AppendEntries): number => {
    for (let i = 0; i < message.entries.length; i++) {
      const index = message.prevLogIndex + 1 + i;
      if (index > log.lastIndex) break;
      if (index <= log.baseIndex) continue;
      if (log.termAt(index) !== (message.entries[i] as Entry).term) return index - 1;
    }
    return log.lastIndex;
  },

  /** What a follower may claim to share with its leader: what this very message proved. */
  provenMatch: (_log: Log<LogEntry>, message: AppendEntries): number =>
    message.prevLogIndex + message.entries.length,

  /** Figure 2, AppendEntries 5: never past the last new entry, and never back. */
  followerCommit: (state: RaftState, message: AppendEntries): number => {
    const lastNew = message.prevLogIndex + message.entries.length;
    return Math.max(state.commitIndex, Math.min(message.leaderCommit, lastNew));
  },

  /** What is known to be replicated never shrinks, however late a reply comes. */
  newMatchIndex: (progress: Progress, reply: AppendEntriesReply): number =>
    Math.max(progress.matchIndex, reply.matchIndex),

  /**
   * §5.3: where to try next after a refusal. A refusal of an older request is ignored, and nothing
   * goes back behind what is known to match.
   */
  nextAfterRefusal: (state: RaftState, progress: Progress, reply: AppendEntriesReply): number => {
    if (reply.prevLogIndex < progress.matchIndex) return progress.nextIndex;
    let next = reply.conflictIndex;
    if (reply.conflictTerm > 0) {
      const last = lastIndexOfTerm(state.log, reply.conflictTerm, reply.prevLogIndex);
      if (last > 0) next = last + 1;
    }
    return Math.max(progress.matchIndex + 1, Math.min(next, reply.prevLogIndex));
  },

  /**
   * §5.3: the highest index that a majority holds. `matches` has one number per server and may be
   * reordered.
   */
  majorityMatch: committedIndex,

  /** Figure 2, all servers: what may be applied now. */
  appliesUpTo: (state: RaftState): number => state.commitIndex,

  /** §5.4.2: only entries of the current term are committed by counting replicas. */
  mayCommit: (state: RaftState, index: number): boolean =>
    state.log.termAt(index) === state.currentTerm,

  /** D §10.2.1, etcd/raft inflights.go: what is on its way stays there until it is acknowledged. */
  inflightKept: (inflight: readonly InFlight[]): readonly InFlight[] => inflight,

  /** etcd/raft: the answer to a heartbeat shows that a probe, or the whole window, may be lost. */
  heartbeatAnswerResumes: true,

  /** §7: the follower needs entries that the log no longer has. */
  needsSnapshot: (log: Log<LogEntry>, nextIndex: number): boolean => nextIndex <= log.baseIndex,

  /** Figure 13: the term of a server does not depend on the snapshot that it receives. */
  termAfterSnapshot: (currentTerm: number, _lastIncludedTerm: number): number => currentTerm,

  /** Figure 13: the vote belongs to the term, whatever the server is sent. */
  voteAfterSnapshot: (votedFor: NodeId | null): NodeId | null => votedFor,

  /** §7, D §6.3: the state machine with its client sessions. */
  machineInSnapshot: (machine: MachineSnapshot): MachineSnapshot => machine,

  /** Figure 13, 2–4: a piece counts only at the place where the last one ended. */
  takesPiece: (received: number, offset: number): boolean => offset === received,

  /** Figure 13: a snapshot of what is already committed here brings nothing. */
  wantsSnapshot: (state: RaftState, lastIncludedIndex: number): boolean =>
    lastIncludedIndex > state.commitIndex,

  /** Figure 13, 6: entries behind the snapshot stay if the log agrees with its last entry. */
  keepsSuffix: (log: Log<LogEntry>, lastIncludedIndex: number, lastIncludedTerm: number): boolean =>
    log.termAt(lastIncludedIndex) === lastIncludedTerm,

  ...membershipRules,
  ...readRules,

  /** Whether a candidate asks, and counts its own vote, only once that vote is on disk. */
  candidateWaitsForDisk: true,

  /** "Persist before you promise": whether a vote waits for the disk. */
  voteWaitsForDisk: true,

  /** Whether the acknowledgement of entries waits for the disk. */
  acknowledgementWaitsForDisk: true,

  /** etcd/raft: a write that was overtaken makes durable only what the log has kept of it. */
  writtenAfterCut: (index: number, kept: number): number => Math.min(index, kept),

  /** A snapshot may have moved the state machine past the batch that was being applied. */
  appliedAfterBatch: (lastApplied: number, _lastOfBatch: number): number => lastApplied,

  /** Whether a leader counts its own copy only once it is on disk (dissertation §10.2.1). */
  countsOwnCopyWhenDurable: true,
} satisfies Record<string, unknown>;

/** Booleans widen, so that a mutant may flip them. */
export type RaftRules = {
  readonly [Rule in keyof typeof paperRules]: (typeof paperRules)[Rule] extends boolean
    ? boolean
    : (typeof paperRules)[Rule];
};

/** The last index at or below `from` that holds an entry of `term`, or 0. */
function lastIndexOfTerm(log: Log<LogEntry>, term: number, from: number): number {
  for (let index = Math.min(from, log.lastIndex); index > log.baseIndex; index--) {
    const here = log.termAt(index);
    if (here === term) return index;
    if (here < term) return 0;
  }
  return 0;
}
