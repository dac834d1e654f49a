/** Explores a scenario's whole state space within bounds, and says what that shows. */
import { setImmediate } from 'node:timers/promises';
import { begin } from '../property/notes.ts';
import { trySubject } from '../property/subject.ts';
import { editScenario } from '../scenario/index.ts';
import { mayViolate } from '../scenario/judge.ts';
import { BreadthFirst, type Exploration, type WorldState } from '../search/exhaustive.ts';
import { isIdle, printExhaustion } from './exhaust-report.ts';
import { planExhaustion, type ExhaustPlan } from './exhaust-plan.ts';
import { ExitCode, RunError, UsageError } from './exit.ts';
import { Interruption } from './interruption.ts';
import { LiveLine } from './live-line.ts';
import { keepHit, type Attempt, type Hit } from './search-hit.ts';
import { expectsViolation } from './search-plan.ts';
import { printSearchHead } from './search-report.ts';
import type { SearchFlags } from './search.ts';
import type { Session } from './session.ts';

export interface ExhaustResult {
  readonly plan: ExhaustPlan;
  readonly exploration: Exploration<WorldState, number>;
  /** What the protocol claims to do nothing and does something; null: nothing. */
  readonly falseClaim: string | null;
  /** The invariant that is violated at the end of the path; null: none is. */
  readonly violated: string | null;
  /** Null too when a path needs more than names: it is then told in words only. */
  readonly hit: Hit | null;
}

/** States between two looks at the clock and at signals. */
const SLICE = 4096;

/** Returns the exit code. */
export async function exhaustCommand(
  file: string,
  flags: SearchFlags,
  session: Session,
): Promise<ExitCode> {
  const plan = await planExhaustion(file, flags, session);
  printSearchHead(plan, flags, session);
  const interruption = new Interruption(session.io, 'what was explored is reported');
  try {
    const found = await explored(plan, session, flags, interruption);
    const { violated } = found;
    const hit = violated === null ? null : keptHit(plan, found.exploration, flags.out);
    const result = { plan, ...found, hit };
    printExhaustion(result, flags, session);
    return exitCodeOf(result, interruption.isOn);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new RunError(error, `${plan.file}, exhaustive search`);
  } finally {
    interruption.ignore();
  }
}

type Explored = Pick<ExhaustResult, 'exploration' | 'falseClaim' | 'violated'>;

/** With what the protocol claims to be inert; when that proves false, once more without. */
async function explored(
  plan: ExhaustPlan,
  session: Session,
  flags: SearchFlags,
  interruption: Interruption,
): Promise<Explored> {
  const line = new LiveLine(session.io, flags.json === true);
  const until = session.io.clock() + plan.timeMs;
  const isOver = () => interruption.isOn || session.io.clock() >= until;
  let falseClaim: string | null = null;
  for (const forgetful of [true, false]) {
    const model = plan.makeModel(forgetful);
    const search = new BreadthFirst(model, { maxStates: plan.maxStates });
    let exploration: Explored['exploration'] | null = null;
    while (exploration === null) {
      exploration = isOver() ? search.stop() : search.advance(SLICE);
      const { distinct, levels } = search;
      line.show(() => `${distinct.toLocaleString('en')} states, depth ${levels}`);
      // Signals are heard only between turns of the event loop.
      await setImmediate();
    }
    line.clear();
    const { violation } = exploration;
    if (violation !== null) {
      const violated = model.violationIn(violation.state)?.invariant ?? null;
      return { exploration, falseClaim, violated };
    }
    const claim = forgetful ? model.auditInert() : null;
    if (claim === null) return { exploration, falseClaim, violated: null };
    falseClaim = claim;
  }
  throw new Error('a model without claims makes no false one');
}

/** The path as a schedule, performed once in a world like any other; null: it needs more. */
function keptHit(
  plan: ExhaustPlan,
  { violation }: Explored['exploration'],
  out: string | undefined,
): Hit | null {
  const { subject, seed } = plan;
  const text = editScenario(subject.text, [
    { path: ['faults'], value: undefined },
    { path: ['random_faults'], value: undefined },
    { path: ['schedule'], value: violation?.steps ?? [] },
    { path: ['after_schedule'], value: 'stop' },
    { path: ['expect'], value: 'violates' },
  ]);
  const scheduled = trySubject(text, subject.file, subject.catalogue);
  if (typeof scheduled === 'string') return null;
  const { world, failure, steps } = begin(scheduled, seed);
  if (failure !== null || world.violation === null) return null;
  const told = { steps, violation: world.violation, atEnd: false };
  const found = { run: 0, arm: 'exhaustive', worldSeed: seed, ...told };
  const caught = { subject, seed, inTime: false, ...told };
  const attempt: Attempt = { found, caught, shrunk: null };
  return keepHit(plan, attempt, [steps.length], out);
}

function exitCodeOf(result: ExhaustResult, isInterrupted: boolean): ExitCode {
  const { plan, violated, exploration } = result;
  if (violated !== null) {
    const { expectation } = plan.subject.prepare(plan.seed);
    return mayViolate(expectation, violated) ? ExitCode.ok : ExitCode.violated;
  }
  if (isInterrupted) return ExitCode.interrupted;
  if (exploration.reason !== 'complete' || expectsViolation(plan)) return ExitCode.inconclusive;
  return isIdle(exploration) ? ExitCode.inconclusive : ExitCode.ok;
}
