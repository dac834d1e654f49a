/** A subject under search: its worlds, and how a violating run of it is shrunk. */
import type { Violation, World } from '../engine/index.ts';
import { defaultPortfolio, defaultScope } from '../search/index.ts';
import type { Found, MakeWorld, Portfolio, Scope, Search } from '../search/index.ts';
import { variantOf, type ShrinkRequest } from '../shrink/index.ts';
import type { Step } from '../trace/index.ts';
import { begin } from './notes.ts';
import type { Subject } from './subject.ts';
import { variantWorld } from './variants.ts';

export interface HuntOptions {
  readonly seed: string;
  readonly portfolio?: Portfolio;
  readonly scope?: Partial<Scope>;
}

/** The search of a subject: its schedule happens first, then whatever the strategies choose. */
export function searchOf(subject: Subject, options: HuntOptions): Search {
  const { seed, portfolio = defaultPortfolio, scope = {} } = options;
  return { makeWorld: worldsOf(subject), scope: { ...defaultScope, ...scope }, portfolio, seed };
}

/** Makes worlds in which the schedule of the scenario has been performed. */
export function worldsOf(subject: Subject): MakeWorld {
  return (seed, strategy) => begin(subject, seed, strategy).world;
}

/** The step of its schedule that cannot be performed, as a sentence; null: all of them can. */
export function scheduleProblem(subject: Subject, seed: string): string | null {
  const { failure } = begin(subject, seed);
  if (failure === null) return null;
  return `step ${failure.step + 1} of the schedule cannot be performed: ${failure.reason}`;
}

/** A violating run in the form in which it is shrunk. */
export interface Catch {
  readonly subject: Subject;
  /** The seed of its world. */
  readonly seed: string;
  /** All of its events, those of the scenario's schedule included. */
  readonly steps: readonly Step[];
  readonly violation: Violation;
  /** Seen only when monitors were asked at the end of the run. */
  readonly atEnd: boolean;
}

/** What a search has found, with the events of the schedule in front. */
export function catchOf(subject: Subject, found: Found): Catch {
  const { worldSeed: seed, violation, atEnd } = found;
  const { steps } = begin(subject, seed);
  const all = [...steps, ...found.steps];
  return { subject, seed, steps: all, violation, atEnd };
}

/** The request to shrink it; callers add progress and interruption. */
export function shrinkRequestOf(caught: Catch): ShrinkRequest {
  const { subject, seed, steps, violation, atEnd } = caught;
  const { world } = subject.prepare(seed);
  return {
    makeWorld: (variant, observer) => variantWorld(subject, variant, seed, violation, observer),
    variant: variantOf(world),
    steps,
    violation,
    ...(atEnd ? { settle: (ended: World) => ended.finish() } : {}),
  };
}
