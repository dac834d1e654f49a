/**
 * What the protocol is made from (`conflictResolution`); a mutant is the same protocol with one of
 * them replaced.
 */
import type { Plain } from '../../sim/engine/protocol.ts';
import { tick, type ClockKind, type HybridClock } from './hybrid-clock.ts';
import type { ConflictOptions } from './options.ts';
import { replicatedTypes } from './types/index.ts';
import type { ReplicatedType } from './types/type.ts';

export const paperRules = {
  /** The replicated types, each a join semilattice. */
  types: replicatedTypes,

  /** Strong eventual convergence rests on it: the least upper bound, in whatever order. */
  merges: (type: ReplicatedType, own: Plain, arriving: Plain): Plain => type.merge(own, arriving),

  /** Later than all that the node has heard of, unless the option says otherwise. */
  ticks: (kind: ClockKind, clock: HybridClock, nowUs: number): HybridClock =>
    tick(kind, clock, nowUs),

  /** A retry of an update that this node has made is answered, not made again. */
  isKnown: (options: ConflictOptions, last: number, sequence: number): boolean =>
    options.deduplicate && sequence <= last,

  /** Tombstones are kept for good: whoever comes back late may still have what was deleted. */
  forgetsTombstones: false,

  /** An update is answered when the node's own disk has it. */
  answerWaitsForDisk: true,
} satisfies Record<string, unknown>;

/** Booleans widen, so that a mutant may flip them. */
export type ConflictRules = {
  readonly [Rule in keyof typeof paperRules]: (typeof paperRules)[Rule] extends boolean
    ? boolean
    : (typeof paperRules)[Rule];
};
