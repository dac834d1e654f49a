/** What a search is told to do, checked: its scenario, its budget, its strategies. */
import { openScenario } from '../registry/open.ts';
import { catalogue } from '../registry/index.ts';
import { formatProblems } from '../scenario/index.ts';
import { searchOf, scheduleProblem } from '../property/hunt.ts';
import type { Subject } from '../property/subject.ts';
import type { Search } from '../search/index.ts';
import type { CrewOrders } from './crew.ts';
import { attempts } from './attempts.ts';
import { UsageError } from './exit.ts';
import { milliseconds, wholeNumber } from './numbers.ts';
import { scenarioText } from './run-command.ts';
import type { SearchFlags } from './search.ts';
import { chooseSeed } from './seed.ts';
import type { Session } from './session.ts';
import { EXHAUSTIVE, portfolioNamed } from './strategies.ts';

export interface SearchPlan {
  readonly file: string;
  readonly subject: Subject;
  readonly search: Search;
  readonly seed: string;
  readonly strategy: string;
  /** Infinity: until something is violated, or the time is over. */
  readonly runs: number;
  /** Wall-clock milliseconds; Infinity: however long it takes. */
  readonly timeMs: number;
  readonly jobs: number;
  readonly polish: number;
}

const DEFAULT_RUNS = 20_000;
const MOST_RUNS = 1e12;
const MOST_JOBS = 256;
const MOST_POLISH = 1000;

/** Throws a UsageError that says all that is wrong with the flags, or with the scenario. */
export async function planSearch(
  file: string,
  flags: SearchFlags,
  session: Session,
): Promise<SearchPlan> {
  const problems: string[] = [];
  const attempt = attempts(problems);
  const budget = attempt(() => budgetOf(flags));
  const jobs = attempt(() => wholeNumber('--jobs', flags.jobs, MOST_JOBS));
  const polish = attempt(() => wholeNumber('--polish', flags.polish, MOST_POLISH));
  const portfolio = attempt(() => portfolioNamed(flags.strategy, [EXHAUSTIVE]));
  const subject = await openSubject(file, session, problems);
  const own = subject?.scenario.seed;
  const seed = attempt(() => chooseSeed(flags.seed, own, session.io.env['SCHISM_SEED']));
  if (flags.bounds !== undefined) problems.push('--bounds: is for --strategy exhaustive only');
  if (subject !== null && seed !== null) problems.push(...unsearchable(subject, seed));
  if (problems.length > 0 || !budget || !subject || !portfolio || !jobs || !polish || !seed) {
    throw new UsageError(problems.join('\n'));
  }
  const search = searchOf(subject, { seed, portfolio });
  return { file, subject, search, seed, strategy: flags.strategy, ...budget, jobs, polish };
}

/** The scenario, ready to be searched; null: `problems` has what is wrong with it. */
export async function openSubject(
  file: string,
  session: Session,
  problems: string[],
): Promise<Subject | null> {
  const text = attempts(problems)(() => scenarioText(file, session));
  if (text === null) return null;
  const opened = await openScenario(text, file, catalogue);
  if (opened.ok) return { ...opened.open, text, file };
  problems.push(formatProblems(opened.problems).trimEnd());
  return null;
}

function budgetOf(flags: SearchFlags): Pick<SearchPlan, 'runs' | 'timeMs'> {
  const { runs, time, untilFail } = flags;
  if (runs !== undefined && untilFail === true) {
    throw new UsageError('--until-fail knows no limit: leave --runs out, or --until-fail');
  }
  const timeMs = time === undefined ? Infinity : milliseconds('--time', time);
  if (runs !== undefined) return { runs: wholeNumber('--runs', runs, MOST_RUNS), timeMs };
  const isOpen = untilFail === true || time !== undefined;
  return { runs: isOpen ? Infinity : DEFAULT_RUNS, timeMs };
}

/** Why a search of this scenario would be in vain. */
function unsearchable(subject: Subject, seed: string): string[] {
  const { file, scenario } = subject;
  const { world, continues } = subject.prepare(seed);
  const problems: string[] = [];
  if (world.invariants.length === 0) {
    problems.push(
      `${file}: nothing is to be checked: ${scenario.protocol} has no invariants; ` +
        'its module exports them as `invariants`, or a workload with `invariants:` asks for ' +
        'what clients see (schism list invariants)',
    );
  }
  const why = scheduleProblem(subject, seed);
  if (why !== null) problems.push(`${file}: ${why}`);
  else if (!continues) {
    problems.push(
      `${file}: there is nothing to search: the run stops behind its schedule ` +
        '(after_schedule: stop); leave that out, or run the scenario',
    );
  }
  return problems;
}

/** Whether the scenario wants something to be violated. */
export function expectsViolation({ subject, seed }: Pick<SearchPlan, 'subject' | 'seed'>): boolean {
  const { expectation } = subject.prepare(seed);
  if (expectation.type === 'all') return expectation.outcome === 'violates';
  return [...expectation.of.values()].includes('violates');
}

/** What workers make the same search from. */
export function ordersOf({ subject, seed, strategy }: SearchPlan): CrewOrders {
  const { text, file } = subject;
  return { text, file, seed, strategy, scope: {} };
}
