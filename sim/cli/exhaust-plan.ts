/** What an exhaustive search is told to do, checked: its scenario and its bounds. */
import type { Invariant } from '../engine/index.ts';
import type { Subject } from '../property/subject.ts';
import { nearest } from '../scenario/index.ts';
import { WorldModel } from '../search/exhaustive.ts';
import { attempts } from './attempts.ts';
import { UsageError } from './exit.ts';
import { milliseconds, wholeNumber } from './numbers.ts';
import { openSubject } from './search-plan.ts';
import type { SearchFlags } from './search.ts';
import { chooseSeed } from './seed.ts';
import type { Session } from './session.ts';

export interface ExhaustPlan {
  readonly file: string;
  readonly subject: Subject;
  /** Of the world that a path is written down for; what is explored has no chance in it. */
  readonly seed: string;
  /** A fresh model; `forgetful` takes the protocol's word for messages that can do nothing. */
  makeModel(forgetful: boolean): WorldModel;
  readonly maxStates: number;
  /** Wall-clock milliseconds; Infinity: however long it takes. */
  readonly timeMs: number;
  /** Invariants that a world in which time stands still says nothing of. */
  readonly notAsked: readonly string[];
}

const defaults = { epochs: 2, requests: 1, crashes: 0, repeats: 0, states: 2_000_000 };
type Bound = keyof typeof defaults;

/** What a fingerprint set and a path of 32-bit numbers can hold. */
const MOST_STATES = 50_000_000;
/** Beyond these nothing is ever explored to its end. */
const MOST = 100;
const MOST_NODES = 7;
/** A timer that the protocol says nothing of fires so often, over all nodes. */
const FIRES = 2;

/** Throws a UsageError that says all that is wrong with the flags, or with the scenario. */
export async function planExhaustion(
  file: string,
  flags: SearchFlags,
  session: Session,
): Promise<ExhaustPlan> {
  const problems = superfluous(flags);
  const attempt = attempts(problems);
  const { time } = flags;
  const timeMs = time === undefined ? Infinity : attempt(() => milliseconds('--time', time));
  const subject = await openSubject(file, session, problems);
  const own = subject?.scenario.seed;
  const seed = attempt(() => chooseSeed(flags.seed, own, session.io.env['SCHISM_SEED']));
  if (subject !== null) problems.push(...inexhaustible(subject));
  const bounds = subject && attempt(() => boundsOf(flags.bounds, subject));
  if (problems.length > 0 || !subject || !seed || !bounds || timeMs === null) {
    throw new UsageError(problems.join('\n'));
  }
  const { states: maxStates } = bounds.numbers;
  const { asked, notAsked } = partitioned(subject, seed);
  const makeModel = (forgetful: boolean) => modelOf(subject, seed, bounds, asked, forgetful);
  return { file, subject, seed, makeModel, maxStates, timeMs, notAsked };
}

/** Flags that mean something for a search by chance only. */
function superfluous(flags: SearchFlags): string[] {
  const { runs, untilFail, jobs, polish, coverage } = flags;
  const given = {
    '--runs': runs !== undefined,
    '--until-fail': untilFail === true,
    '--jobs': jobs !== '1',
    '--polish': polish !== '1',
    '--coverage': coverage === true,
  };
  return Object.entries(given).flatMap(([flag, isGiven]) =>
    isGiven
      ? [`${flag}: an exhaustive search has no such thing; --bounds says how far it goes`]
      : [],
  );
}

/** Why this scenario cannot be explored whole. */
function inexhaustible({ file, scenario }: Subject): string[] {
  const problems: string[] = [];
  const { nodes } = scenario.cluster_config;
  if (nodes > MOST_NODES) {
    problems.push(`${file}: exhaustive search is for at most ${MOST_NODES} nodes, found ${nodes}`);
  }
  if ((scenario.schedule ?? []).length > 0) {
    problems.push(`${file}: exhaustive search begins at the beginning: leave \`schedule\` out`);
  }
  if (scenario.network_assumptions.fifo) {
    problems.push(`${file}: in exhaustive search links reorder: leave \`fifo\` out`);
  }
  return problems;
}

interface Bounds {
  readonly numbers: Readonly<Record<Bound, number>>;
  readonly timers: Readonly<Record<string, number>>;
}

/** `epochs=2,requests=1,heartbeat=1`: bounds by name, and how often timers fire. */
function boundsOf(text: string | undefined, subject: Subject): Bounds {
  const { scenario } = subject;
  const entry = subject.catalogue.protocols.get(scenario.protocol);
  const known = entry?.exhaustion?.(scenario.options).timers ?? {};
  const timerNames = Object.keys(entry?.create(scenario.mutants).onTimer ?? {});
  const timers = Object.fromEntries(timerNames.map((name) => [name, known[name] ?? FIRES]));
  const numbers = { ...defaults };
  const problems: string[] = [];
  const attempt = attempts(problems);
  for (const part of text?.split(',') ?? []) {
    const [name = '', ...values] = part.split('=').map((side) => side.trim());
    const isBound = Object.hasOwn(defaults, name);
    if (!isBound && !timerNames.includes(name)) {
      const all = [...Object.keys(defaults), ...timerNames];
      const near = nearest(name, all);
      const hint = near === null ? '' : `; did you mean ${near}?`;
      problems.push(
        `--bounds: there is no bound "${name}"${hint} (such as epochs=3,crashes=1; there are: ` +
          `${all.join(', ')})`,
      );
      continue;
    }
    const flag = `--bounds ${name}`;
    const value = values.join('=');
    const least = name === 'states' ? 1 : 0;
    const number = attempt(() => wholeNumber(flag, value, mostOf(name), least));
    if (number === null) continue;
    if (isBound) numbers[name as Bound] = number;
    else timers[name] = number;
  }
  if (problems.length > 0) throw new UsageError(problems.join('\n'));
  return { numbers, timers };
}

function mostOf(name: string): number {
  return name === 'states' ? MOST_STATES : MOST;
}

/** Time stands still, and nobody is a client: who judges by these has nothing to judge. */
function partitioned(subject: Subject, seed: string) {
  const { invariants } = subject.prepare(seed).world;
  const isTimed = ({ id }: Invariant) => id.endsWith('/liveness') || id.startsWith('history/');
  const notAsked = invariants.filter(isTimed).map(({ id }) => id);
  return { asked: invariants.filter((invariant) => !isTimed(invariant)), notAsked };
}

function modelOf(
  subject: Subject,
  seed: string,
  { numbers, timers }: Bounds,
  invariants: readonly Invariant[],
  forgetful: boolean,
): WorldModel {
  const { scenario, catalogue } = subject;
  const entry = catalogue.protocols.get(scenario.protocol);
  const exhaustion = entry?.exhaustion?.(scenario.options);
  const inert = forgetful ? exhaustion?.inert : undefined;
  const requests = Array.from({ length: numbers.requests }, (_, i) => {
    return { type: 'put', key: 'x', value: i + 1 };
  });
  // Nodes that begin differently are told apart by their beginnings, so renaming stays sound.
  return new WorldModel(
    { ...subject.prepare(seed).world, invariants },
    {
      maxEpoch: numbers.epochs,
      requests,
      crashes: numbers.crashes,
      repeats: numbers.repeats,
      timers,
      symmetric: exhaustion?.symmetric ?? false,
      ...(inert === undefined ? {} : { inert }),
    },
  );
}
