/**
 * When servers agree: extended Raft paper §5.2 and §5.3, with §6 for joint configurations, in which
 * every election and every commitment takes a majority of each of the two groups.
 */
import type { NodeId } from '../../sim/engine/protocol.ts';
import { jointCommit, jointVote } from './quorum/joint.ts';
import { committedIndex, voteResult, type VoteResult } from './quorum/majority.ts';
import type { RaftRules } from './rules.ts';
import { configurationOf, type RaftState, type Reading } from './state.ts';

/** What these votes decide. Refusals are not counted: who was refused waits for its timeout. */
export function decided(rules: RaftRules, state: RaftState, votes: readonly NodeId[]): VoteResult {
  const groups = rules.majorities(configurationOf(state), 'election');
  const results = groups.map((group) => {
    const quorum = rules.quorum(group.length);
    // In a large cluster most votes come before they can decide anything.
    const granted = votes.length < quorum ? 0 : rules.votesIn(group, votes);
    return voteResult(group.length, quorum, granted, 0);
  });
  return jointVote(results);
}

/** The highest index that the configuration has agreed to, as far as this leader knows. */
export function agreedIndex(rules: RaftRules, state: RaftState): number {
  const groups = rules.majorities(configurationOf(state), 'commit');
  const [first] = groups;
  if (first !== undefined && groups.length === 1) return indexOf(rules, state, first);
  return jointCommit(groups.map((group) => indexOf(rules, state, group)));
}

function indexOf(rules: RaftRules, state: RaftState, group: readonly NodeId[]): number {
  return rules.majorityMatch(rules.matchesIn(state, group), rules.quorum(group.length));
}

/** The latest round of heartbeats that the configuration has acknowledged (dissertation §6.4). */
export function agreedRound(
  rules: RaftRules,
  state: RaftState,
  { round, acknowledged }: Reading,
  self: NodeId,
): number {
  const groups = rules.majorities(configurationOf(state), 'commit');
  const agreed = groups.map((group) => {
    const rounds = group.map((server) => (server === self ? round : (acknowledged[server] ?? 0)));
    return committedIndex(rounds, rules.readQuorum(group.length));
  });
  return jointCommit(agreed);
}
