/** What a search has found: shrunk, and kept as scenario and trace. */
import { basename } from 'node:path';
import { catchOf, caughtInTime, shrinkRequestOf, type Catch } from '../property/hunt.ts';
import { keep, type Kept } from '../property/keep.ts';
import { mayViolate } from '../scenario/judge.ts';
import type { Found } from '../search/index.ts';
import type { Shrunk } from '../shrink/index.ts';
import { keptPaths, writeKept, type KeptPaths } from './kept-files.ts';
import type { LiveLine } from './live-line.ts';
import { ordersOf, type SearchPlan } from './search-plan.ts';
import { shrinkCatch } from './shrinking.ts';

export interface Hit {
  readonly found: Found;
  /** The scenario expects this invariant to be violated. */
  readonly isExpected: boolean;
  /** Null when its steps alone do not lead to the violation. */
  readonly shrunk: Shrunk | null;
  /** The lengths of all violations that were shrunk. */
  readonly lengths: readonly number[];
  /** Null when no scenario alone leads to the violation. */
  readonly kept: Kept | null;
  readonly paths: KeptPaths | null;
}

/** One of the violations that were found. */
export interface Attempt {
  readonly found: Found;
  readonly caught: Catch;
  readonly shrunk: Shrunk | null;
}

/** `onStart` is given what ends a long shrink early. */
export async function shrinkFound(
  plan: SearchPlan,
  found: Found,
  line: LiveLine,
  onStart: (interrupt: () => void) => void,
): Promise<Attempt> {
  const caught = catchOf(plan.subject, found);
  for (const attempt of [caught, caughtInTime(caught)]) {
    if (attempt === null) continue;
    const orders = { ...ordersOf(plan), text: attempt.subject.text };
    const shrunk = await shrinkCatch(attempt, { orders, line, onStart });
    if (shrunk !== null) return { found, caught: attempt, shrunk };
  }
  return { found, caught, shrunk: null };
}

/** The events that are left, or all when nothing could be left out. */
export function lengthOf({ shrunk, caught }: Attempt): number {
  return (shrunk ?? caught).steps.length;
}

/** Writes scenario and trace of the best attempt. */
export function keepHit(
  plan: Pick<SearchPlan, 'subject' | 'file' | 'seed'>,
  { found, caught, shrunk }: Attempt,
  lengths: readonly number[],
  out: string | undefined,
): Hit {
  const { subject, seed, steps, violation } = caught;
  const { variant } = shrinkRequestOf(caught);
  const kept = keep(subject, shrunk ?? { steps, violation, variant }, seed);
  const name = plan.file === '-' ? 'stdin' : basename(plan.file).replace(/\.ya?ml$/, '');
  const paths = kept === null ? null : keptPaths(`${name}-${plan.seed}`, out);
  if (kept !== null && paths !== null) writeKept(kept, paths);
  const { expectation } = plan.subject.prepare(plan.seed);
  const isExpected = mayViolate(expectation, violation.invariant);
  return { found, isExpected, shrunk, lengths, kept, paths };
}
