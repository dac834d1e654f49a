/** RPCs of Figure 2 and Figure 13, field for field; a reply is a message of its own. */
import type { Effects, NodeId, RequestId, Command } from '../../sim/engine/protocol.ts';
import type { LogEntry } from '../common/log.ts';
import type { Configuration, ConfigurationAt } from './configuration.ts';

/** A client's request as the log keeps it; `stamp` is the leader's clock (ms) when it came in. */
export interface LoggedRequest extends RequestId {
  readonly command: Command;
  readonly stamp: number;
}

/** `request` is null in the no-op that a new leader appends (§8). */
export interface Entry extends LogEntry {
  readonly request: LoggedRequest | null;
  /** In an entry that changes the membership (§6): the new configuration. */
  readonly configuration?: Configuration;
}

export interface RequestVote {
  readonly type: 'RequestVote';
  readonly term: number;
  readonly candidateId: NodeId;
  readonly lastLogIndex: number;
  readonly lastLogTerm: number;
  /** Dissertation §4.2.3: the old leader wants this election, so it is no disturbance. */
  readonly leadershipTransfer?: true;
}

export interface RequestVoteReply {
  readonly type: 'RequestVoteReply';
  readonly term: number;
  readonly voteGranted: boolean;
}

/** Dissertation §9.6: would you vote for me in `term`? The term is not yet begun. */
export interface PreVote {
  readonly type: 'PreVote';
  readonly term: number;
  readonly candidateId: NodeId;
  readonly lastLogIndex: number;
  readonly lastLogTerm: number;
}

export interface PreVoteReply {
  readonly type: 'PreVoteReply';
  /** The term asked for when granted; the voter's own when refused. */
  readonly term: number;
  readonly voteGranted: boolean;
}

export interface AppendEntries {
  readonly type: 'AppendEntries';
  readonly term: number;
  readonly leaderId: NodeId;
  readonly prevLogIndex: number;
  readonly prevLogTerm: number;
  readonly entries: readonly Entry[];
  readonly leaderCommit: number;
  /** In a heartbeat that is to confirm reads (dissertation §6.4): the number of the round. */
  readonly round?: number;
}

export interface AppendEntriesReply {
  readonly type: 'AppendEntriesReply';
  readonly term: number;
  readonly success: boolean;
  /** The prevLogIndex of the request that is answered: a stale refusal is told by it. */
  readonly prevLogIndex: number;
  /** On success the last index that is known to agree with the leader; else 0. */
  readonly matchIndex: number;
  /** On refusal (§5.3, last paragraphs): term of the conflicting entry, or 0 when there is none, */
  readonly conflictTerm: number;
  /** … and the first index stored for that term, or the index behind the last entry. */
  readonly conflictIndex: number;
  /** That of the heartbeat which is answered, if it had one. */
  readonly round?: number;
}

/** Figure 13. `data` is a piece of the snapshot as text. */
export interface InstallSnapshot {
  readonly type: 'InstallSnapshot';
  readonly term: number;
  readonly leaderId: NodeId;
  readonly lastIncludedIndex: number;
  readonly lastIncludedTerm: number;
  /** Dissertation §5.1: the latest configuration in what the snapshot replaces, if there is any. */
  readonly lastConfig?: ConfigurationAt;
  readonly offset: number;
  readonly data: string;
  readonly done: boolean;
}

export interface InstallSnapshotReply {
  readonly type: 'InstallSnapshotReply';
  readonly term: number;
  readonly lastIncludedIndex: number;
  /** How much of the snapshot has arrived without a gap; the leader goes on from there. */
  readonly nextOffset: number;
  readonly done: boolean;
}

/** Dissertation §3.10: begin an election now, as if your election timer had fired. */
export interface TimeoutNow {
  readonly type: 'TimeoutNow';
  readonly term: number;
  readonly leaderId: NodeId;
}

/** Dissertation §6.4: a follower asks the leader up to where a read must see the log. */
export interface ReadIndex extends RequestId {
  readonly type: 'ReadIndex';
  readonly term: number;
}

/** The read may be answered by whoever has applied `readIndex`. */
export interface ReadIndexReply extends RequestId {
  readonly type: 'ReadIndexReply';
  readonly term: number;
  readonly readIndex: number;
}

export type RaftMessage =
  | RequestVote
  | RequestVoteReply
  | PreVote
  | PreVoteReply
  | AppendEntries
  | AppendEntriesReply
  | InstallSnapshot
  | InstallSnapshotReply
  | TimeoutNow
  | ReadIndex
  | ReadIndexReply;

export type RaftTimer =
  'election' | 'heartbeat' | 'quorum' | 'batch' | 'transfer' | 'read' | 'apply';

export type RaftEffects = Effects<RaftMessage, RaftTimer>;

/** A message in a few words, as golden conversations and traces show it. */
export function describeMessage(message: RaftMessage): string {
  const term = `term=${message.term}`;
  switch (message.type) {
    case 'TimeoutNow':
      return term;
    case 'RequestVote': {
      const transfer = message.leadershipTransfer === true ? ' transfer' : '';
      return `${term} last=${message.lastLogIndex}/${message.lastLogTerm}${transfer}`;
    }
    case 'PreVote':
      return `${term} last=${message.lastLogIndex}/${message.lastLogTerm}`;
    case 'RequestVoteReply':
    case 'PreVoteReply':
      return `${term} granted=${message.voteGranted}`;
    case 'AppendEntries': {
      const { prevLogIndex, prevLogTerm, entries, leaderCommit } = message;
      const previous = `prev=${prevLogIndex}/${prevLogTerm}`;
      return `${term} ${previous} +${entries.length} commit=${leaderCommit}${roundOf(message)}`;
    }
    case 'AppendEntriesReply': {
      const round = roundOf(message);
      if (message.success) return `${term} ok match=${message.matchIndex}${round}`;
      return `${term} refused conflict=${message.conflictIndex}/${message.conflictTerm}${round}`;
    }
    case 'ReadIndex':
      return `${term} ${message.client}-${message.sequence}`;
    case 'ReadIndexReply':
      return `${term} ${message.client}-${message.sequence} index=${message.readIndex}`;
    case 'InstallSnapshot': {
      const { lastIncludedIndex, lastIncludedTerm, offset, done } = message;
      const last = `last=${lastIncludedIndex}/${lastIncludedTerm}`;
      return `${term} ${last} offset=${offset}${done ? ' done' : ''}`;
    }
    case 'InstallSnapshotReply': {
      const { lastIncludedIndex, nextOffset, done } = message;
      return `${term} last=${lastIncludedIndex} next=${nextOffset}${done ? ' done' : ''}`;
    }
  }
}

function roundOf({ round }: AppendEntries | AppendEntriesReply): string {
  return round === undefined ? '' : ` round=${round}`;
}
