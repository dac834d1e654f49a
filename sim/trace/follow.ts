/** Lenient replay: a run that follows a list of names as far as it can. Shrinking lives on it. */
import { eventIdentity, type FaultAction, type World } from '../engine/index.ts';
import { findOldest, wantedOf } from './find.ts';
import { identityOf, type TraceEvent } from './format.ts';

/** One name to follow. A fault says also what to do, for nothing else may bring it about. */
export interface Step {
  readonly identity: string;
  /** How many older pending events had the same identity; left out: none. */
  readonly nth?: number;
  readonly fault?: FaultAction;
  /** Microseconds: a fault that nothing else brings about happens no sooner. */
  readonly at?: number;
}

export interface Followed {
  /** The identities of the events that happened, in order. */
  readonly performed: readonly string[];
  /** Positions in the list whose event was of the right sort but had another content. */
  readonly inexact: readonly number[];
  /** Positions in the list for which nothing was pending. */
  readonly skipped: readonly number[];
}

/** What to follow in order to do the same as an event of a trace. */
export function stepOf(event: TraceEvent): Step {
  const { kind, nth, payload } = event;
  return {
    identity: identityOf(event),
    ...(nth === undefined ? {} : { nth }),
    ...(kind === 'fault' ? { fault: payload as FaultAction } : {}),
  };
}

/**
 * Performs for each step the pending event of exactly that identity, else the oldest of the same
 * receiver, sender and type, else nothing. Ends at the first violation.
 */
export function followSteps(world: World, steps: readonly Step[]): Followed {
  const performed: string[] = [];
  const inexact: number[] = [];
  const skipped: number[] = [];
  for (let i = 0; i < steps.length && world.violation === null; i++) {
    // Clears away stale timers, so that long runs stay fast.
    world.next();
    const { identity, nth, fault, at = 0 } = steps[i] as Step;
    const wanted = wantedOf(world, identity);
    let pending = wanted === null ? null : findOldest(world, wanted, nth);
    if (pending === null && fault !== undefined) {
      pending = world.scheduleFault(Math.max(world.now, at), fault);
    }
    if (pending === null && wanted !== null) {
      pending = findOldest(world, { ...wanted, content: null });
      if (pending !== null) inexact.push(i);
    }
    if (pending === null) {
      skipped.push(i);
      continue;
    }
    performed.push(eventIdentity(world, pending));
    world.perform(pending);
  }
  return { performed, inexact, skipped };
}
