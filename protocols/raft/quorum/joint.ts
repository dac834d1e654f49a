/** Joint consensus, agreement: extended Raft paper §6. Each group decides by its own majority. */
import type { VoteResult } from './majority.ts';

/** §6: elections require separate majorities; one that is lost cannot be made good by another. */
export function jointVote(results: readonly VoteResult[]): VoteResult {
  if (results.includes('lost')) return 'lost';
  return results.every((result) => result === 'won') ? 'won' : 'pending';
}

/** §6: entry commitment requires separate majorities: what all of the groups have committed. */
export function jointCommit(indices: readonly number[]): number {
  let least = Infinity;
  for (let i = 0; i < indices.length; i++) least = Math.min(least, indices[i] as number);
  return least;
}
