/** One run as a value of a property: its schedule, told by the names of its events, and its end. */
import * as fc from 'fast-check';
import type { Violation, World } from '../engine/index.ts';
import type { ClientHistory } from '../history/recorder.ts';
import { variantOf, type Variant } from '../shrink/index.ts';
import { followSteps, type Step } from '../trace/index.ts';
import { historyOf } from './generated.ts';
import type { Catch } from './hunt.ts';
import { keep, type Kept } from './keep.ts';
import { Notes, type Told } from './notes.ts';
import type { Subject } from './subject.ts';
import { variantWorld } from './variants.ts';

/** How the run ended, and, when somebody asks, its events. */
export interface Outcome {
  readonly world: World;
  readonly violation: Violation | null;
  /** Executes the run once more to take its events down. */
  tell(): Told;
}

/**
 * A run of a subject. The outcome is computed once: by the search that made it, or, for a candidate
 * of shrinking, by following the steps when somebody asks.
 */
export class Schedule {
  readonly subject: Subject;
  /** The seed of its world. */
  readonly seed: string;
  private readonly given: readonly Step[] | null;
  private chosen: Variant | null;
  private known: Outcome | null;
  private told: Told | null = null;

  /** Either what happened is known (`outcome`), or what is to be followed (`steps`). */
  constructor(
    subject: Subject,
    seed: string,
    from: { readonly outcome: Outcome } | { readonly steps: readonly Step[] },
    variant: Variant | null = null,
  ) {
    this.subject = subject;
    this.seed = seed;
    this.chosen = variant;
    this.given = 'steps' in from ? from.steps : null;
    this.known = 'outcome' in from ? from.outcome : null;
  }

  /** What is simpler about its world than the scenario says. */
  get variant(): Variant {
    this.chosen ??= variantOf(this.subject.prepare(this.seed).world);
    return this.chosen;
  }

  /** The first violation of the run, or null. */
  get violation(): Violation | null {
    return this.outcome.violation;
  }

  /** The world at the end of the run: only to be looked at. */
  get world(): World {
    return this.outcome.world;
  }

  /** Its events by name, those of the scenario's schedule included. */
  get steps(): readonly Step[] {
    return this.tell().steps;
  }

  /** What its clients did and saw. */
  get history(): ClientHistory {
    return historyOf(this.world);
  }

  /** Whether nothing is violated; with an id, whether that invariant is not. */
  holds(invariant?: string): boolean {
    const { violation } = this;
    return violation === null || (invariant !== undefined && violation.invariant !== invariant);
  }

  /** The run as something to shrink; null when nothing is violated. */
  caught(): Catch | null {
    const { violation, subject, seed } = this;
    if (violation === null) return null;
    const { steps, atEnd } = this.tell();
    return { subject, seed, steps, violation, atEnd, inTime: false };
  }

  /** The scenario of this very run, and its trace; null when nothing is violated. */
  keep(): Kept | null {
    const { violation, subject, seed, variant, steps } = this;
    if (violation === null) return null;
    return keep(subject, { steps, variant, violation }, seed);
  }

  /** The numbered steps, and what is violated by them. */
  toString(): string {
    const { violation } = this;
    const { labels } = this.tell();
    const width = String(labels.length).length;
    const lines = labels.map((label, i) => `  ${String(i + 1).padStart(width)}. ${label}`);
    const end =
      violation === null ? 'nothing is violated' : `${violation.invariant}: ${violation.message}`;
    return `Schedule, world ${this.seed}\n${lines.join('\n')}\n  ${end}`;
  }

  [fc.toStringMethod](): string {
    return this.toString();
  }

  private get outcome(): Outcome {
    this.known ??= follow(this.subject, this.seed, this.variant, this.given ?? []);
    return this.known;
  }

  private tell(): Told {
    this.told ??= this.outcome.tell();
    return this.told;
  }
}

/** Performs what can be performed of the steps, and asks the monitors at the end. */
function follow(subject: Subject, seed: string, variant: Variant, steps: readonly Step[]): Outcome {
  const notes = new Notes();
  const world = variantWorld(subject, variant, seed, { violation: null, inTime: false });
  if (world === null) throw new Error('the variant of a schedule has to exist');
  notes.watch(world);
  followSteps(world, steps);
  const atEnd = world.violation === null && world.finish() !== null;
  const { violation } = world;
  const told = { steps: notes.steps, labels: notes.labels, atEnd };
  return { world, violation, tell: () => told };
}
