/** What is kept of a violating run: a scenario that does the same, and a trace that replays. */
import { timed, World, type Violation } from '../engine/index.ts';
import { packageVersion } from '../registry/version.ts';
import { editScenario, type WrittenStep } from '../scenario/index.ts';
import { recordSteps, scheduleOf, type Shrunk } from '../shrink/index.ts';
import { readTrace, type Step, type Trace } from '../trace/index.ts';
import { runScenario } from '../trace/run-scenario.ts';
import { trySubject, type Subject } from './subject.ts';
import { variantText } from './variants.ts';

export interface Kept {
  /** The scenario, with the steps as its `schedule` where they can be said in words. */
  readonly text: string;
  readonly hasSchedule: boolean;
  readonly bytes: Uint8Array;
  readonly trace: Trace;
}

/** A violating run, shrunk or not. */
export interface Run extends Pick<Shrunk, 'variant' | 'violation'> {
  readonly steps: readonly Step[];
}

/**
 * Writes the run down as a scenario of its own, runs that once, and records the steps. Null when
 * the scenario alone does not lead to the violation (it needs a random plan that no scenario has).
 */
export function keep(subject: Subject, run: Run, seed: string): Kept | null {
  // Time passes in a schedule as it likes: what is judged by the clock may speak up first.
  const only = [{ path: ['invariants'], value: [run.violation.invariant] }];
  const text = editScenario(subject.text, only);
  const narrow = trySubject(text, subject.file, subject.catalogue);
  return (
    keepAs(subject, run, seed) ?? (typeof narrow === 'string' ? null : keepAs(narrow, run, seed))
  );
}

function keepAs(subject: Subject, run: Run, seed: string): Kept | null {
  const { steps, variant, violation } = run;
  const { file, catalogue } = subject;
  const write = (schedule: readonly WrittenStep[]) =>
    trySubject(variantText(subject, variant, violation, schedule, seed), file, catalogue);
  const isViolated = (found: Violation | null) => found?.invariant === violation.invariant;
  const bare = write([]);
  if (typeof bare === 'string') return null;
  const schedule = scheduleOf(new World(bare.prepare(seed).world, timed), steps);
  const told = schedule === null ? null : write(schedule);
  // A step may speak of a node that the variant has lost: then it cannot be said in words.
  const isTold = told !== null && typeof told !== 'string';
  const hasSchedule = isTold && isViolated(runScenario(told.prepare(seed)).violation);
  const kept = hasSchedule ? told : bare;
  const { text } = kept;
  const about = { engine: packageVersion(), file, text, mutants: subject.scenario.mutants };
  const { bytes, world } = recordSteps(kept.prepare(seed).world, steps, about);
  const { trace } = readTrace(bytes);
  if (trace === null || !isViolated(world.violation)) return null;
  return { text, hasSchedule, bytes, trace };
}
