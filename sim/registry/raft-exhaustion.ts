/** What an exhaustive search may assume of Raft. */
import type { RaftMessage } from '../../protocols/raft/messages.ts';
import type { RaftState } from '../../protocols/raft/state.ts';
import type { AnyMessage } from '../engine/index.ts';
import type { Exhaustion } from '../scenario/index.ts';

/** Two elections, and no messages but those that elections and requests cause. */
const timers = Object.freeze({ election: 2, heartbeat: 0 });

/** Raft takes its servers as a set, unless an option names some of them. */
export function raftExhaustion(written: Readonly<Record<string, unknown>>): Exhaustion {
  const symmetric = written['members'] === undefined && written['priorities'] === undefined;
  return { symmetric, timers, inert: isInertReply };
}

/**
 * Terms only grow (§5.1), so the reply of an earlier one counts no more; nor does a refused vote,
 * nor an acknowledgement to a server that has ceased to lead its term.
 */
export function isInertReply(message: AnyMessage, receiver: object): boolean {
  const reply = message as RaftMessage;
  const { currentTerm, role } = receiver as RaftState;
  if (reply.type !== 'RequestVoteReply' && reply.type !== 'AppendEntriesReply') return false;
  if (reply.term !== currentTerm) return reply.term < currentTerm;
  if (reply.type === 'AppendEntriesReply') return role === 'follower';
  return !reply.voteGranted || role !== 'candidate';
}
