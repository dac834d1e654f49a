/**
 * The rules of the papers, one function each. The protocol is made from them (`quorumRegister`),
 * and a mutant is the same protocol with one rule replaced. ABD: Attiya, Bar-Noy and Dolev 1995;
 * LS: Lynch and Shvartsman 1997.
 */
import type { Timestamp } from './messages.ts';
import type { RegisterOptions } from './options.ts';

export const paperRules = {
  /** ABD §3: any two majorities have a node in common. */
  majority: (nodes: number): number => Math.floor(nodes / 2) + 1,

  /** LS §4, query phase: of all answers the one with the greatest timestamp counts. */
  readerTakes: (best: Timestamp, answer: Timestamp): boolean => isNewer(answer, best),

  /** ABD §3: before a read answers, a write quorum knows what it answers. */
  writesBack: (options: RegisterOptions): boolean => options.writeBack,

  /** LS §4, propagation phase: a replica never goes back. */
  replicaTakes: (own: Timestamp, arriving: Timestamp): boolean => isNewer(arriving, own),

  /**
   * LS §4: greater than all that a read quorum knows; and greater than what this node has chosen
   * before, for here one node coordinates several writes at a time.
   */
  nextCounter: (newest: number, lastChosen: number): number => Math.max(newest, lastChosen) + 1,

  /** Last writer wins: the clock, except that a node never chooses one counter twice. */
  clockCounter: (clockUs: number, lastChosen: number): number => Math.max(clockUs, lastChosen + 1),

  /** "Persist before you promise": what a node has acknowledged survives its crash. */
  acknowledgementWaitsForDisk: true,
} satisfies Record<string, unknown>;

/** Booleans widen, so that a mutant may flip them. */
export type RegisterRules = {
  readonly [Rule in keyof typeof paperRules]: (typeof paperRules)[Rule] extends boolean
    ? boolean
    : (typeof paperRules)[Rule];
};

/** The greater counter is newer; between equal counters the greater name, so that all agree. */
function isNewer(a: Timestamp, b: Timestamp): boolean {
  return a.counter === b.counter ? a.node > b.node : a.counter > b.counter;
}
