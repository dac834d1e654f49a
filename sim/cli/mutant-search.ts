/** Searches one mutant with several seeds, and measures. */
import { existsSync, readFileSync } from 'node:fs';
import { blockRange } from '../property/blocks.ts';
import { catchOf, caughtInTime, searchOf, shrinkRequestOf } from '../property/hunt.ts';
import { subjectOf, type Subject } from '../property/subject.ts';
import { mutantScenario } from '../registry/bank.ts';
import { catalogue } from '../registry/index.ts';
import { packageRoot } from '../registry/version.ts';
import type { MutantEntry, ProtocolEntry } from '../scenario/index.ts';
import { writeYaml } from '../scenario/write.ts';
import { exploreBatch, type Found, type Portfolio } from '../search/index.ts';
import { shrink } from '../shrink/index.ts';
import { readTrace } from '../trace/index.ts';

/** What the searches for one mutant came to. */
export interface MutantRow {
  readonly id: string;
  readonly nodes: number;
  readonly control: boolean;
  readonly caught: boolean;
  /** Searches that found something, of how many. */
  readonly found: number;
  readonly searches: number;
  /** The invariant that most of them saw violated. */
  readonly invariant: string | null;
  readonly expected: boolean;
  /** Medians to the first violation. */
  readonly runs: number;
  readonly events: number;
  readonly cpuMs: number;
  readonly foundEvents: number | null;
  readonly shrunkEvents: number | null;
  /** The length of the run in the museum; null: there is none. */
  readonly bestKnown: number | null;
}

export interface MutantBudget {
  readonly seeds: number;
  readonly cpuMs: number;
  readonly portfolio: Portfolio;
  /** Asked after each block. */
  readonly interrupted: () => boolean;
}

interface Searched {
  readonly runs: number;
  readonly events: number;
  readonly cpuMs: number;
  readonly found: Found | null;
}

/** In a cluster of `nodes`, or as few as it needs. Null: interrupted before every seed's turn. */
export async function searchMutant(
  mutant: MutantEntry,
  entry: ProtocolEntry,
  budget: MutantBudget,
  nodes?: number,
): Promise<MutantRow | null> {
  const { id, control, violates } = mutant;
  const scenario = mutantScenario(mutant, entry, nodes);
  const subject = subjectOf(writeYaml(scenario), `${id}.yaml`, catalogue);
  const { seeds } = budget;
  const cpuMs = control ? budget.cpuMs / seeds : budget.cpuMs;
  const searched: Searched[] = [];
  for (let seed = 1; seed <= seeds; seed++) {
    searched.push(await searchOnce(subject, String(seed), { ...budget, cpuMs }));
    if (budget.interrupted()) return null;
  }
  const hits = searched.flatMap(({ found }) => found ?? []);
  const lengths = hits.flatMap((found) => shrunkLength(subject, found) ?? []);
  const invariant = mostFrequent(hits.map(({ violation }) => violation.invariant));
  return {
    id,
    nodes: scenario.cluster_config.nodes,
    control,
    caught: hits.length === seeds,
    found: hits.length,
    searches: seeds,
    invariant,
    expected: invariant !== null && violates.includes(invariant),
    runs: median(searched.map(({ runs }) => runs)) as number,
    events: median(searched.map(({ events }) => events)) as number,
    cpuMs: Math.round((median(searched.map((one) => one.cpuMs)) as number) * 10) / 10,
    foundEvents: median(hits.map(({ steps }) => steps.length)),
    shrunkEvents: median(lengths),
    bestKnown: museumLength(mutant),
  };
}

async function searchOnce(
  subject: Subject,
  seed: string,
  { portfolio, cpuMs, interrupted }: MutantBudget,
): Promise<Searched> {
  const search = searchOf(subject, { seed, portfolio });
  const since = cpuTimeMs();
  let [runs, events, passed] = [0, 0, 0];
  for (let block = 0; passed < cpuMs && !interrupted(); block++) {
    const [from, to] = blockRange(block, Infinity);
    const exploration = exploreBatch(search, from, to);
    runs += exploration.runs;
    events += exploration.events;
    passed = cpuTimeMs() - since;
    if (exploration.found !== null) {
      return { runs, events, cpuMs: passed, found: exploration.found };
    }
    // Signals are heard only between turns of the event loop.
    await new Promise((resume) => setImmediate(resume));
  }
  return { runs, events, cpuMs: passed, found: null };
}

/** Null when its events alone do not lead to the violation. */
function shrunkLength(subject: Subject, found: Found): number | null {
  const caught = catchOf(subject, found);
  for (const attempt of [caught, caughtInTime(caught)]) {
    const shrunk =
      attempt === null ? null : shrink({ ...shrinkRequestOf(attempt), budget: SHRINK });
    if (shrunk !== null) return shrunk.steps.length;
  }
  return null;
}

/** Events of one shrink: a second or two. */
const SHRINK = 1_000_000;

function museumLength({ id, protocol }: MutantEntry): number | null {
  const file = new URL(`traces/${protocol}/${id}.msgpack`, packageRoot());
  if (!existsSync(file)) return null;
  return readTrace(readFileSync(file)).trace?.events.length ?? null;
}

function cpuTimeMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** The lower one of two. */
function median(numbers: readonly number[]): number | null {
  return numbers.toSorted((a, b) => a - b)[(numbers.length - 1) >> 1] ?? null;
}

function mostFrequent(words: readonly string[]): string | null {
  let best: string | null = null;
  let most = 0;
  for (const word of words) {
    const times = words.filter((other) => other === word).length;
    if (times > most) [best, most] = [word, times];
  }
  return best;
}
