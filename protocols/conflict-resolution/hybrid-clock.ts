/**
 * Clocks that stamp versions: the node's own, Lamport's logical one (1978), and the hybrid of both
 * (Kulkarni et al., Logical Physical Clocks, OPODIS 2014, §3). Pure.
 */

/** `physicalUs`: the largest physical time heard of; `logical`: events since it last grew. */
export type HybridClock = { readonly physicalUs: number; readonly logical: number };

export type ClockKind = 'physical' | 'logical' | 'hybrid';

export const clockAtStart: HybridClock = Object.freeze({ physicalUs: 0, logical: 0 });

/** Logical parts below this; a hybrid time is one number, physical part first. */
const LOGICAL = 4096;

/** The clock after an event of its own node: later than all that it has heard of, if it can be. */
export function tick(kind: ClockKind, clock: HybridClock, nowUs: number): HybridClock {
  switch (kind) {
    case 'physical':
      return { physicalUs: nowUs, logical: 0 };
    case 'logical':
      return { physicalUs: 0, logical: clock.logical + 1 };
    case 'hybrid': {
      const physicalUs = Math.max(clock.physicalUs, nowUs);
      return { physicalUs, logical: physicalUs === clock.physicalUs ? clock.logical + 1 : 0 };
    }
  }
}

/** The clock after it has heard another one: not behind any of the two. */
export function hear(
  kind: ClockKind,
  clock: HybridClock,
  heard: HybridClock,
  nowUs: number,
): HybridClock {
  if (kind === 'physical') return clock;
  const ahead = timestampOf(heard) > timestampOf(clock) ? heard : clock;
  if (kind === 'logical' || ahead.physicalUs >= nowUs) return ahead;
  return { physicalUs: nowUs, logical: 0 };
}

/** One number that orders clocks: an integer, so that all machines agree. */
export function timestampOf({ physicalUs, logical }: HybridClock): number {
  return physicalUs * LOGICAL + logical;
}
