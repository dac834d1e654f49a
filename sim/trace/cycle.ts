/** The cycle of a livelock: what happened again and again while nothing came of it. */
import type { Trace, TraceEvent } from './format.ts';

export interface Cycle {
  /** The last time round. */
  readonly events: readonly TraceEvent[];
  /** How often in a row timers fired in this order, the last time included. */
  readonly rounds: number;
  /** From the end of the last round but one to the end of the last, in microseconds. */
  readonly lastUs: number;
}

/** Fewer may be chance. */
const FEWEST_ROUNDS = 3;
/** Timers that fire in one round, at most. */
const LONGEST = 60;

/**
 * The shortest order in which timers fired over and over from the last fault until bounded liveness
 * was violated; null: nothing else was violated by time, or there was no such order. Timers move a
 * livelock, and their order survives latencies that differ; what they caused is shown with them.
 */
export function cycleOf({ events, footer }: Trace): Cycle | null {
  const violation = footer?.violation;
  if (!violation || !isTimed(violation.invariant)) return null;
  const until = events.filter(({ index }) => index <= violation.event);
  const lastFault = until.findLastIndex(({ kind }) => kind === 'fault');
  const timers = until.slice(lastFault + 1).filter(({ kind }) => kind === 'timer');
  for (let length = 1; length <= LONGEST; length++) {
    const rounds = roundsOf(timers, length);
    if (rounds < FEWEST_ROUNDS) continue;
    const last = timers.at(-1) as TraceEvent; // There are several rounds of them.
    const before = timers.at(-1 - length) as TraceEvent;
    const round = until.filter(({ index }) => index > before.index && index <= last.index);
    return { events: round, rounds, lastUs: last.at - before.at };
  }
  return null;
}

/** Bounded liveness says that something has not happened in time. */
function isTimed(invariant: string): boolean {
  return invariant.endsWith('/liveness') || invariant.startsWith('liveness/');
}

/** How often the last `length` timers fired in this order, at the end. */
function roundsOf(timers: readonly TraceEvent[], length: number): number {
  let alike = length;
  while (alike < timers.length && stem(timers, alike) === stem(timers, alike - length)) alike++;
  return Math.floor(Math.min(alike, timers.length) / length);
}

/** Of the timer before so many others at the end. */
function stem(timers: readonly TraceEvent[], before: number): string | undefined {
  return timers.at(-1 - before)?.stem;
}
