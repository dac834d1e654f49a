/**
 * Ballots: pairs (round, node) written as one integer, so that they compare, hash and travel
 * cheaply. Paxos Made Simple §2.2: different proposers choose from disjoint sets of numbers.
 */

/** round × 10 000 + the node's position, counted from 1; nodes are called n1, n2, … by position. */
export type Ballot = number;

/** Below every ballot: nothing promised, nothing accepted. */
export const noBallot: Ballot = 0;

const NODES = 10_000;

/** `position` counts from 0. */
export function ballotOf(round: number, position: number): Ballot {
  return round * NODES + position + 1;
}

export function roundOf(ballot: Ballot): number {
  return Math.floor(ballot / NODES);
}

/** `3.n2`: the third round of n2. */
export function describeBallot(ballot: Ballot): string {
  return ballot === noBallot ? '0' : `${roundOf(ballot)}.n${ballot % NODES}`;
}

/**
 * A ballot in the words that all protocols share, where an epoch grows by about one when leadership
 * changes: its round, and its node behind the point. 3.n2 of up to nine nodes is 3.2.
 */
export function epochOf(ballot: Ballot, nodes: number): number {
  let scale = 10;
  while (scale <= nodes) scale *= 10;
  return (roundOf(ballot) * scale + (ballot % NODES)) / scale;
}
