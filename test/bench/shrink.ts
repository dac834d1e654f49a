/**
 * How short violating runs become: short random runs of Raft's mutants beside the bank's figures,
 * and runs of more than 1,000 events on four servers beside those of DEMi (Scott et al., NSDI
 * 2016).
 */
import { raftMutants } from '../../protocols/raft/mutants/index.ts';
import { runPrefix } from '../../sim/engine/index.ts';
import { parseStep, scriptSteps, type ScriptStep } from '../../sim/scenario/index.ts';
import {
  shrink,
  variantOf,
  worldsOf,
  type Shrunk,
  type ShrinkRequest,
} from '../../sim/shrink/index.ts';
import { bankWeights, findViolation, type Hunt } from '../helpers/random-schedule.ts';
import { raftWorld, scriptOptions, type RaftWorld } from '../helpers/raft-world.ts';

/** One mutant: medians over its runs, and the shortest of all that this bench has seen of it. */
interface Row {
  readonly mutant: string;
  readonly nodes: number;
  readonly runs: number;
  readonly found: number;
  readonly shrunk: number;
  /** Of all that this bench has seen of the mutant. */
  readonly shortest: number;
  /** Median over the runs: shrunk, to the shortest that violates the same by the same witness. */
  readonly ratio: number;
  /** The shortest of the runs, to the shortest of all. */
  readonly polished: number;
  readonly replays: number;
  readonly milliseconds: number;
}

/** Runs of each row. */
const SHORT_RUNS = 7;
const LONG_RUNS = 5;
const SHORT = 150;

/**
 * The shortest schedule that the bank's model of Raft knows, by exhaustive search where it is not
 * marked. Events there are as here, except that our leaders begin with a no-op.
 */
const bankShortest: Readonly<Record<string, { readonly nodes: number; readonly length: number }>> =
  {
    'leader-appends-at-commit': { nodes: 3, length: 5 },
    'dup-vote-count': { nodes: 4, length: 8 },
    'quorum-third': { nodes: 4, length: 6 },
    'quorum-half': { nodes: 2, length: 2 },
    'match-regress': { nodes: 3, length: 10 },
    'stale-vote-reply': { nodes: 3, length: 7 },
    'vote-skip-log-check': { nodes: 3, length: 10 },
    'commit-index-regress': { nodes: 3, length: 10 },
    'vote-cleared-same-term': { nodes: 3, length: 8 },
    'commit-mode-not-median': { nodes: 3, length: 11 },
    'vote-not-persisted': { nodes: 3, length: 7 },
    'term-not-persisted': { nodes: 3, length: 7 },
    'truncate-on-stale-ae': { nodes: 3, length: 12 },
    'no-prev-check': { nodes: 3, length: 13 },
    'leader-truncates-own-log': { nodes: 3, length: 13 },
    'append-without-conflict-check': { nodes: 3, length: 13 },
    'prev-index-only': { nodes: 3, length: 15 },
    'match-from-last-index': { nodes: 3, length: 14 },
    'commit-beyond-last-new': { nodes: 3, length: 13 },
    'vote-longest-log-wins': { nodes: 3, length: 15 },
    'next-le-match': { nodes: 3, length: 16 },
  };

/** DEMi's figures for bugs that our mutants express; seeds from which on there are long runs. */
const demiBugs = [
  {
    bug: 'raft-45',
    mutant: 'dup-vote-count',
    election: 0.3,
    starts: [85, 524, 545, 567, 718],
    told: [],
    demi: { found: 2160, shrunk: 23, optimal: 22, replays: 3448, seconds: 169.7 },
  },
  {
    bug: 'raft-46',
    mutant: 'stale-vote-reply',
    election: 0.4,
    starts: [29, 121, 179, 190, 193],
    told: [],
    demi: { found: 1250, shrunk: 35, optimal: 23, replays: 4902, seconds: 281.7 },
  },
  {
    bug: 'raft-56',
    mutant: 'vote-cleared-same-term',
    election: 0.7,
    starts: [3942, 4666, 7425, 9160, 9937],
    told: [
      'fire n1 election',
      'deliver n2<-n1 RequestVote',
      'deliver n3<-n1 RequestVote',
      'deliver n1<-n2 RequestVoteReply',
      'deliver n1<-n3 RequestVoteReply',
      'fire n4 election',
      'fire n1 heartbeat',
      'deliver n2<-n1 AppendEntries +0',
      'deliver n3<-n1 AppendEntries +0',
      'deliver n2<-n4 RequestVote',
      'deliver n3<-n4 RequestVote',
      'deliver n4<-n2 RequestVoteReply',
      'deliver n4<-n3 RequestVoteReply',
    ],
    demi: { found: 2380, shrunk: 82, optimal: 21, replays: 31673, seconds: 2131.9 },
  },
  {
    bug: 'raft-42',
    mutant: 'commit-mode-not-median',
    election: 0.05,
    starts: [20, 43, 45, 50, 60],
    told: [],
    demi: { found: 1710, shrunk: 180, optimal: 39, replays: 177085, seconds: 10675.7 },
  },
  {
    bug: 'raft-66',
    mutant: 'truncate-on-stale-ae',
    election: 0.05,
    starts: [20, 21, 42, 53, 66],
    told: [],
    demi: { found: 400, shrunk: 77, optimal: 29, replays: 10526, seconds: 348.3 },
  },
] as const;

export function shrinkBench(shortRuns = SHORT_RUNS, longRuns = LONG_RUNS): object {
  const bank = Object.entries(bankShortest).map(([mutant, { nodes, length }]) => ({
    ...measure(mutant, nodes, requests(mutant, nodes, shortRuns, { maxEvents: SHORT }), []),
    bankShortest: length,
  }));
  const demi = demiBugs.map(({ bug, mutant, election, starts, told, demi: theirs }) => {
    const weights = { deliver: 10, client: 2, election, timer: 0.5, crash: 0 };
    const hunt = { atLeast: 1001, maxEvents: 3000, weights, seeds: 300 };
    const long = starts.slice(0, longRuns).flatMap((from) => {
      return requests(mutant, 4, 1, { ...hunt, from });
    });
    // Short runs of the same cluster tell how short it can become.
    const rivals = rivalsOf(mutant, 4, 3 * shortRuns, told);
    const row = measure(mutant, 4, long, rivals);
    return { bug, ...row, demi: { ...theirs, ratio: round(theirs.shrunk / theirs.optimal) } };
  });
  return {
    bank,
    demi,
    medianRatio: {
      bank: median(bank.map(({ ratio }) => ratio)),
      demi: median(demi.map(({ ratio }) => ratio)),
      demiPolished: median(demi.map(({ polished }) => polished)),
      theirs: median(demi.map(({ demi: theirs }) => theirs.ratio)),
    },
  };
}

/** What a run violates, and how: a run is shrunk to the shortest of its own kind. */
interface Length {
  readonly kind: string;
  readonly length: number;
}

function measure(
  mutant: string,
  nodes: number,
  runs: readonly ShrinkRequest[],
  rivals: readonly Length[],
): Row {
  const shrunk = runs.map((request) => {
    const before = performance.now();
    const result = shrink(request);
    if (result?.isMinimal !== true) throw new Error(`${mutant}: a run was not shrunk to the end`);
    return { ...result, ...lengthOf(result), milliseconds: performance.now() - before };
  });
  const known = [...rivals, ...shrunk];
  const best = (kind: string) => Math.min(...lengths(known.filter((one) => one.kind === kind)));
  return {
    mutant,
    nodes,
    runs: runs.length,
    found: median(shrunk.map(({ before }) => before)),
    shrunk: median(lengths(shrunk)),
    shortest: Math.min(...lengths(known)),
    ratio: round(median(shrunk.map(({ kind, length }) => length / best(kind)))),
    polished: round(Math.min(...lengths(shrunk)) / Math.min(...lengths(known))),
    replays: median(shrunk.map(({ replays }) => replays)),
    milliseconds: Math.round(median(shrunk.map(({ milliseconds }) => milliseconds))),
  };
}

function lengthOf({ steps, violation }: Pick<Shrunk, 'steps' | 'violation'>): Length {
  const { invariant, witness } = violation;
  return { kind: `${invariant} ${JSON.stringify(witness)}`, length: steps.length };
}

function lengths(of: readonly Length[]): number[] {
  return of.map(({ length }) => length);
}

/** Other ways to the same: short runs, and a script that somebody thought of. */
function rivalsOf(mutant: string, nodes: number, count: number, told: readonly string[]): Length[] {
  const short = requests(mutant, nodes, count, { maxEvents: SHORT });
  const found = short.flatMap((request) => shrink(request) ?? []).map(lengthOf);
  if (told.length === 0) return found;
  const world = raftWorld({ mutants: [mutant], nodes, diskSyncUs: 0 });
  const names = { nodes, clients: 0, regions: [] };
  const steps = told.map((text) => parseStep(text, names));
  runPrefix(world, scriptSteps(steps as ScriptStep[], Infinity));
  const { violation } = world;
  if (violation === null) throw new Error(`${mutant}: the script violates nothing`);
  return [...found, { ...lengthOf({ steps: [], violation }), length: world.counters.events }];
}

/** Violating walks of a mutant; the same ones every time. */
function requests(id: string, nodes: number, count: number, hunt: Hunt): ShrinkRequest[] {
  const mutant = raftMutants.find((one) => one.id === id);
  const needs = mutant?.needs ?? [];
  const wanted: RaftWorld = {
    nodes,
    clients: nodes === 4 ? 4 : 2,
    mutants: [id],
    options: scriptOptions(mutant?.script?.options),
    diskSyncUs: 0,
    careful: false,
    network: needs.includes('duplicate')
      ? { duplicatePpm: hunt.maxEvents === SHORT ? 300_000 : 100_000 }
      : {},
  };
  const { config } = raftWorld(wanted);
  const invariants = mutant?.violates.filter((invariant) => invariant !== 'raft/liveness') ?? [];
  const weights = needs.includes('crash') ? bankWeights : { ...bankWeights, crash: 0 };
  const found: ShrinkRequest[] = [];
  let from = hunt.from ?? 1;
  while (found.length < count) {
    const walk = findViolation(() => raftWorld(wanted), {
      weights,
      seeds: 4000,
      ...hunt,
      from,
      invariants,
    });
    if (walk === null) break;
    from = walk.seed + 1;
    found.push({
      makeWorld: worldsOf(config, true),
      variant: variantOf(config),
      steps: walk.steps,
      violation: walk.violation,
    });
  }
  return found;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
