/**
 * The rules of the paper, one function each: van Renesse and Schneider, Chain Replication, 2004.
 * The protocol is made from them (`chainReplication`), and a mutant is the same with one replaced.
 */

export const paperRules = {
  /** §3: the chain is the master's, by epoch; whoever speaks of another one is not heard. */
  isFenced: (epoch: number, ownEpoch: number): boolean => epoch !== ownEpoch,

  /** §2, Update Propagation: a server's history is a prefix of its predecessor's, without gaps. */
  followsOn: (previousIndex: number, lastIndex: number): boolean => previousIndex <= lastIndex,

  /** §2: it is the tail that answers, for then every server has the update. */
  answers: (_isHead: boolean, isTail: boolean): boolean => isTail,

  /** §3.3: a server joins as the tail only when it has all that the tail has. */
  isCaughtUp: (index: number, lastIndex: number): boolean => index >= lastIndex,

  /** The tail that hands over answers nobody, and remembers that it does. */
  stopsBeforeHandingOver: true,

  /** "Persist before you promise": what goes on along the chain is on the own disk. */
  forwardingWaitsForDisk: true,
} satisfies Record<string, unknown>;

/** Booleans widen, so that a mutant may flip them. */
export type ChainRules = {
  readonly [Rule in keyof typeof paperRules]: (typeof paperRules)[Rule] extends boolean
    ? boolean
    : (typeof paperRules)[Rule];
};
