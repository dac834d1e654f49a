/** The one door: whatever is not determined by the scenario is asked of a Strategy. */
import { finish } from './hash.ts';
import type { ChoiceClass } from './bounds.ts';
import type { PendingEvent } from './event.ts';
import type { Violation } from './monitor.ts';

/**
 * Names one draw: a 32-bit hash of the stream (a directed link, a node, a client, the faults), the
 * virtual time and the ordinal of the draw on that stream at that time. It does not depend on what
 * else happens, so removing one event shifts no other draw.
 */
export type DrawKey = number;

/**
 * The choices at one point of a run, class by class, the benign one first; the oldest of a class
 * first. Valid until the next event.
 */
export interface Enabled {
  readonly count: number;
  /**
   * By class (`ChoiceClass`): its choices are those before ends[class], behind the class before.
   */
  readonly ends: Int32Array;
  /** The pending event of a choice; null for a fault that comes about only by being chosen. */
  at(index: number): PendingEvent | null;
  /** The same for a choice of the first class, which always has an event: faster. */
  delivery(index: number): PendingEvent;
  classAt(index: number): ChoiceClass;
  /** The actor that a choice touches; -1: more than one. Choices at different ones commute. */
  actor(index: number): number;
  /** The index of the event that made it possible; -1: none, or it is a fault. */
  birth(index: number): number;
}

export interface RunInfo {
  readonly nodes: number;
  readonly clients: number;
  readonly seed: string;
}

export interface Outcome {
  readonly events: number;
  readonly violation: Violation | null;
}

/** Decides what happens next. Every way of searching is one implementation of this. */
export interface Strategy {
  readonly name: string;
  /** `timed`: events happen in the order of virtual time, and `choose` is never asked. */
  readonly order: 'timed' | 'untimed';
  begin(run: RunInfo): void;
  /** An index into the enabled choices; 0 is the benign one; a negative number ends the run. */
  choose(enabled: Enabled, step: number): number;
  /** An integer in [0, bound), bound at most 2^32, for a duration, a victim, a lie. */
  draw(key: DrawKey, bound: number): number;
  end?(outcome: Outcome): void;
}

/** The value that a uniformly random strategy gives to a key: floor(hash * bound / 2^32). */
export function valueOf(key: DrawKey, bound: number): number {
  const hash = finish(key) >>> 0;
  // The product stays below 2^53 in one step only for bounds below 2^21.
  if (bound <= 0x200000) return Math.floor((hash * bound) / 0x1_0000_0000);
  const high = Math.floor(bound / 0x10000);
  const low = bound - high * 0x10000;
  return Math.floor((hash * high + Math.floor((hash * low) / 0x10000)) / 0x10000);
}

/** Events in the order of virtual time, every draw uniform: an ordinary seeded simulation. */
export const timed: Strategy = {
  name: 'timed',
  order: 'timed',
  begin() {},
  choose: () => 0,
  draw: valueOf,
};
