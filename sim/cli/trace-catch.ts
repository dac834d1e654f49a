/** The violating run of a trace, ready to be shrunk. */
import type { Violation } from '../engine/index.ts';
import { caughtInTime, type Catch } from '../property/hunt.ts';
import type { Subject } from '../property/subject.ts';
import { catalogue } from '../registry/index.ts';
import { openScenario } from '../registry/open.ts';
import { formatProblems } from '../scenario/index.ts';
import type { Shrunk } from '../shrink/index.ts';
import { stepOf, type Trace } from '../trace/index.ts';
import { UsageError } from './exit.ts';
import type { LiveLine } from './live-line.ts';
import { shrinkCatch } from './shrinking.ts';

export interface Attempt {
  readonly caught: Catch;
  readonly shrunk: Shrunk;
}

/** The scenario that a trace carries. Throws when it cannot be used any more. */
export async function openTrace({ header }: Trace): Promise<Subject> {
  const { file, text } = header.scenario;
  const opened = await openScenario(text, file, catalogue);
  if (opened.ok) return { ...opened.open, text, file };
  const problems = formatProblems(opened.problems).trimEnd();
  throw new UsageError(`the scenario in the trace cannot be used here:\n${problems}`);
}

/** The violating run of a trace; null when nothing is violated in it. */
export async function caughtIn(trace: Trace): Promise<Catch | null> {
  const { header, events } = trace;
  const violation = violationOf(trace);
  if (violation === null) return null;
  const subject = await openTrace(trace);
  const atEnd = events.at(-1)?.violation === undefined;
  const steps = events.map(stepOf);
  return { subject, seed: header.seed, steps, violation, atEnd, inTime: false };
}

function violationOf({ events, footer }: Trace): Violation | null {
  // The format knows of a witness that it is plain.
  return (footer?.violation ?? events.at(-1)?.violation ?? null) as Violation | null;
}

/** Shrinks a run by its events alone, or else in time; null: its events do not lead there here. */
export async function shrinkEither(
  caught: Catch,
  line: LiveLine,
  onStart: (interrupt: () => void) => void,
): Promise<Attempt | null> {
  for (const attempt of [caught, caughtInTime(caught)]) {
    if (attempt === null) continue;
    const { text, file } = attempt.subject;
    const orders = { text, file, seed: attempt.seed, strategy: 'portfolio', scope: {} };
    const shrunk = await shrinkCatch(attempt, { orders, line, onStart });
    if (shrunk !== null) return { caught: attempt, shrunk };
  }
  return null;
}
