/** Majorities of one group of servers: extended Raft paper §5.2 for votes, §5.3 for entries. */
import type { NodeId } from '../../../sim/engine/protocol.ts';
import { nthLargest } from '../../common/quorum.ts';

export type VoteResult = 'won' | 'lost' | 'pending';

/** §5.2: more than half of the servers. */
export function majorityOf(servers: number): number {
  return Math.floor(servers / 2) + 1;
}

/** How many of these voters are in the group. */
export function countIn(group: readonly NodeId[], voters: readonly NodeId[]): number {
  let count = 0;
  for (let i = 0; i < voters.length; i++) if (group.includes(voters[i] as NodeId)) count++;
  return count;
}

/** What a group of so many servers has decided by these votes; an empty group agrees to all. */
export function voteResult(
  servers: number,
  quorum: number,
  granted: number,
  refused: number,
): VoteResult {
  if (servers === 0 || granted >= quorum) return 'won';
  return servers - refused < quorum ? 'lost' : 'pending';
}

/**
 * The highest index that a quorum of the group holds. `matches` has one number per server and may
 * be reordered. Infinity for an empty group, which holds nobody up.
 */
export function committedIndex(matches: number[], quorum: number): number {
  return matches.length === 0 ? Infinity : nthLargest(matches, quorum);
}
