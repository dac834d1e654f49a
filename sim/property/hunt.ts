/** A subject under search: its worlds, and how a violating run of it is shrunk. */
import { nodeName, type Violation, type World } from '../engine/index.ts';
import { editScenario, formatDuration, mayLie, writeEntry } from '../scenario/index.ts';
import { HEAL_AT_US } from '../search/swarm.ts';
import { defaultPortfolio, portfolioFor, scopeFor } from '../search/index.ts';
import type { Found, MakeWorld, Portfolio, Scope, Search } from '../search/index.ts';
import { variantOf, type ShrinkRequest } from '../shrink/index.ts';
import type { Step } from '../trace/index.ts';
import { begin } from './notes.ts';
import { trySubject, type Subject } from './subject.ts';
import { variantWorld } from './variants.ts';

export interface HuntOptions {
  readonly seed: string;
  readonly portfolio?: Portfolio;
  readonly scope?: Partial<Scope>;
}

/** The search of a subject: its schedule happens first, then whatever the strategies choose. */
export function searchOf(subject: Subject, options: HuntOptions): Search {
  const { seed, portfolio = defaultPortfolio, scope = {} } = options;
  const about = {
    mayLie: mayLie(subject.scenario.network_assumptions),
    promisesProgress: promisesProgress(subject, seed),
  };
  return {
    makeWorld: worldsOf(subject),
    scope: scopeOf(subject, scope),
    portfolio: portfolioFor(portfolio, about),
    seed,
  };
}

/** Whether bounded liveness is among what is checked. */
function promisesProgress(subject: Subject, seed: string): boolean {
  return subject.prepare(seed).world.invariants.some(({ id }) => id.endsWith('/liveness'));
}

/** How far a search of the subject goes; an administrator's requests belong to its protocol. */
export function scopeOf({ scenario, catalogue }: Subject, scope: Partial<Scope>): Scope {
  const { protocol, options, mutants, cluster_config: cluster } = scenario;
  const nodes = Array.from({ length: cluster.nodes }, (_, i) => nodeName(i));
  const entry = catalogue.protocols.get(protocol);
  const requests = entry?.searchRequests?.(options, nodes, mutants) ?? [];
  return { ...scopeFor(cluster.nodes), requests, ...scope };
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
  /** Time is meant: events that do not happen in time are what is wrong. */
  readonly inTime: boolean;
  /** The step from which on faults end, and then time alone goes on; absent: no such step. */
  readonly peaceFrom?: number;
}

/** What a search has found, with the events of the schedule in front. */
export function catchOf(subject: Subject, found: Found): Catch {
  const { worldSeed: seed, violation, atEnd, peaceFrom } = found;
  const { steps } = begin(subject, seed);
  const all = [...steps, ...found.steps];
  const peace = peaceFrom === undefined ? {} : { peaceFrom: steps.length + peaceFrom };
  return { subject, seed, steps: all, violation, atEnd, inTime: false, ...peace };
}

/**
 * The same for a violation that is one only because time has passed (bounded liveness, found in the
 * order of virtual time). The scenario's timeline says when faults are over; one that has none gets
 * the end of the plan with which the search made the run, or what the search did to end all faults.
 */
export function caughtInTime(caught: Catch): Catch | null {
  const { subject, violation, steps, peaceFrom } = caught;
  const hasTimeline = subject.scenario.faults.length > 0;
  const end =
    peaceFrom === undefined
      ? [{ at: formatDuration(HEAL_AT_US), heal: 'all' }]
      : steps
          .slice(peaceFrom)
          .flatMap(({ fault, at = 0 }) => (fault && writeEntry(fault, at)) ?? []);
  const text = editScenario(subject.text, [
    ...(hasTimeline ? [] : [{ path: ['faults'], value: end }]),
    { path: ['invariants'], value: [violation.invariant] },
  ]);
  const timed = trySubject(text, subject.file, subject.catalogue);
  return typeof timed === 'string' ? null : { ...caught, subject: timed, inTime: true };
}

/** The request to shrink it; callers add progress and interruption. */
export function shrinkRequestOf(caught: Catch): ShrinkRequest {
  const { subject, seed, steps, violation, atEnd, inTime } = caught;
  const { world } = subject.prepare(seed);
  return {
    makeWorld: (variant, observer) =>
      variantWorld(subject, variant, seed, { violation, inTime }, observer),
    variant: variantOf(world),
    steps,
    violation,
    ...(atEnd ? { settle: (ended: World) => ended.finish() } : {}),
  };
}
