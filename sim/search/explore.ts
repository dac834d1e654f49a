/**
 * Numbered runs, block by block, until one violates an invariant or the budget is used up. A run is
 * a function of the search and its number (an arm that learns: of its block as far as the run), so
 * the lowest failing run is the same however many workers share the blocks.
 */
import { assert, type Violation, type World } from '../engine/index.ts';
import type { Step } from '../trace/index.ts';
import { abstractState } from './abstract.ts';
import { Ground, type Arm, type MakeWorld, type Played, type Runs } from './arm.ts';
import { armOf, BLOCK, type Portfolio } from './portfolio.ts';
import { defaultProbes, type Probe } from './probes.ts';
import type { Scope } from './scope.ts';
import { StepNotes, TapeStrategy } from './tell.ts';

export interface Search {
  readonly makeWorld: MakeWorld;
  readonly scope: Scope;
  readonly portfolio: Portfolio;
  readonly seed: string;
  readonly probes?: readonly Probe[];
}

/** What one arm did. */
export interface Account {
  runs: number;
  events: number;
  /** Runs that violated an invariant. */
  hits: number;
}

/** A run that violates an invariant. */
export interface Found {
  readonly run: number;
  readonly arm: string;
  /** What `makeWorld` was given: the same world again, for a replay. */
  readonly worldSeed: string;
  readonly violation: Violation;
  /** Its events by name; `followSteps` in a fresh world does the same again. */
  readonly steps: readonly Step[];
  /** A monitor saw it only when it was asked at the end of the run. */
  readonly atEnd: boolean;
  /** The step from which on faults end, and then time alone goes on; absent: no such step. */
  readonly peaceFrom?: number;
}

export interface Exploration {
  readonly runs: number;
  readonly events: number;
  readonly arms: ReadonlyMap<string, Account>;
  /** Distinct abstract states in which runs ended. */
  readonly states: ReadonlySet<number>;
  /** By id: in how many runs it was so at the end. */
  readonly probes: ReadonlyMap<string, number>;
  readonly found: Found | null;
}

/** At least one is to be given; without `runs`, `events` decides at the end of each block. */
export interface Budget {
  readonly runs?: number;
  readonly events?: number;
}

export interface Progress {
  readonly runs: number;
  readonly events: number;
  readonly states: number;
}

/**
 * The runs from..to, `to` not included, or fewer when one fails. `from` is the first of a block, or
 * its arm would not have learnt what it should.
 */
export function exploreBatch(search: Search, from: number, to: number): Exploration {
  return new Batches(search).explore(from, to);
}

/** Blocks in order until a run fails or the budget is used up. */
export function explore(
  search: Search,
  budget: Budget,
  onProgress?: (progress: Progress) => boolean | void,
): Exploration {
  const { runs = Infinity, events = Infinity } = budget;
  assert(Math.min(runs, events) < Infinity, 'a search has a budget');
  const batches = new Batches(search);
  let all = nothing();
  while (all.found === null && all.runs < runs && all.events < events) {
    const next = batches.explore(all.runs, Math.min(all.runs + BLOCK, runs));
    all = merge(all, next);
    const progress = { runs: all.runs, events: all.events, states: all.states.size };
    if (onProgress?.(progress) === false) break;
  }
  return all;
}

/** Two parts of one search: the lower failing run is the one that was found. */
export function merge(one: Exploration, other: Exploration): Exploration {
  const arms = new Map([...one.arms].map(([name, account]) => [name, { ...account }]));
  for (const [name, { runs, events, hits }] of other.arms) {
    const account = accountOf(arms, name);
    account.runs += runs;
    account.events += events;
    account.hits += hits;
  }
  const probes = new Map(one.probes);
  for (const [id, count] of other.probes) probes.set(id, (probes.get(id) ?? 0) + count);
  const isFirst = other.found === null || (one.found?.run ?? Infinity) < other.found.run;
  return {
    runs: one.runs + other.runs,
    events: one.events + other.events,
    arms,
    states: new Set([...one.states, ...other.states]),
    probes,
    found: isFirst ? one.found : other.found,
  };
}

/** A fresh world in which the steps of a found run can be followed, with no event performed. */
export function worldOf({ makeWorld, scope, seed }: Search, { worldSeed }: Found): World {
  return new Ground(makeWorld, scope, seed).make(worldSeed);
}

function nothing(): Exploration {
  const [arms, states, probes] = [new Map(), new Set<number>(), new Map()];
  return { runs: 0, events: 0, arms, states, probes, found: null };
}

function accountOf(arms: Map<string, Account>, name: string): Account {
  let account = arms.get(name);
  if (account === undefined) {
    account = { runs: 0, events: 0, hits: 0 };
    arms.set(name, account);
  }
  return account;
}

/** Plays blocks. Worlds to copy are kept from one to the next; nothing else is. */
class Batches {
  private readonly search: Search;
  private readonly ground: Ground;
  private readonly probes: readonly Probe[];

  constructor(search: Search) {
    this.search = search;
    this.ground = new Ground(search.makeWorld, search.scope, search.seed);
    this.probes = search.probes ?? defaultProbes;
  }

  explore(from: number, to: number): Exploration {
    assert(from % BLOCK === 0, 'a batch begins where a block begins');
    const arms = new Map<string, Account>();
    const states = new Set<number>();
    const probes = new Map(this.probes.map(({ id }) => [id, 0]));
    let playing = new Map<Arm, Runs>();
    let events = 0;
    let number = from;
    let found: Found | null = null;
    for (; number < to && found === null; number++) {
      if (number % BLOCK === 0) playing = new Map();
      const arm = this.armOf(number);
      const played = this.runsOf(playing, arm).run(number);
      const account = accountOf(arms, arm.name);
      account.runs++;
      account.events += played.events;
      events += played.events;
      if (played.violation !== null) {
        account.hits++;
        found = this.tell(number, arm, played, played.violation);
      }
      states.add(abstractState(played.world));
      for (const probe of this.probes) {
        const { id } = probe;
        if (probe.holds(played.world)) probes.set(id, (probes.get(id) ?? 0) + 1);
      }
    }
    return { runs: number - from, events, arms, states, probes, found };
  }

  private armOf(number: number): Arm {
    return armOf(this.search.portfolio, this.search.seed, number);
  }

  private runsOf(playing: Map<Arm, Runs>, arm: Arm): Runs {
    let runs = playing.get(arm);
    if (runs === undefined) {
      runs = arm.begin(this.ground);
      playing.set(arm, runs);
    }
    return runs;
  }

  /** Executes the failing run once more and takes down the names of its events. */
  private tell(run: number, arm: Arm, played: Played, violation: Violation): Found {
    const { ground } = this;
    const { worldSeed, tape } = played;
    const notes = new StepNotes();
    let again: Violation | null;
    if (tape === undefined) {
      // It knows nothing of other runs: played alone it is the same.
      again = arm.begin(ground).run(run, (fresh) => notes.watch(fresh)).violation;
    } else {
      const world = ground.make(worldSeed).fork(new TapeStrategy(tape));
      notes.watch(world);
      ground.play(world);
      again = world.violation ?? world.finish();
    }
    assert(again?.message === violation.message, 'a run told again fails as it did');
    const { peaceFrom } = played;
    const found = { run, arm: arm.name, worldSeed, violation, steps: notes.steps };
    return { ...found, atEnd: notes.isOver, ...(peaceFrom === undefined ? {} : { peaceFrom }) };
  }
}
