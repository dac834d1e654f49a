/** How fast the search is: each strategy beside the bare loop, and how soon it finds Figure 8. */
import { run, timed, type Strategy } from '../../sim/engine/index.ts';
import {
  arms,
  explore,
  Follow,
  forever,
  Ground,
  only,
  Pct,
  Pos,
  RandomWalk,
  Rounds,
  TapeStrategy,
} from '../../sim/search/index.ts';
import { raftSearch, searchable } from '../helpers/raft-search.ts';

const RUNS = 400;
const ROUNDS = 7;

type Create = (seed: number, horizon: number) => Strategy;

export const strategies: Readonly<Record<string, Create>> = {
  'random-walk': (seed) => new RandomWalk(seed),
  follow: (seed) => new Follow(seed),
  rounds: (seed) => new Rounds(seed),
  pct: (seed, horizon) => new Pct(seed, horizon),
  pos: (seed, horizon) => new Pos(seed, horizon),
};

function cpuSeconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** Writes down what a strategy chose. */
class Taping implements Strategy {
  readonly name = 'taping';
  readonly order = 'untimed';
  readonly tape: number[] = [];
  readonly draw = (key: number, bound: number): number => timed.draw(key, bound);
  private readonly inner: Strategy;

  constructor(inner: Strategy) {
    this.inner = inner;
  }

  begin(info: Parameters<Strategy['begin']>[0]): void {
    this.inner.begin(info);
  }

  choose(enabled: Parameters<Strategy['choose']>[0], step: number): number {
    const choice = this.inner.choose(enabled, step);
    this.tape.push(choice);
    return choice;
  }
}

/**
 * A strategy's share of the time, in thousandths of the bare loop's: the same runs once more, with
 * the same choices read from a tape. The two take turns, and the best round of each counts.
 */
export function overhead(create: Create): Record<string, number> {
  const { makeWorld, scope, seed } = raftSearch();
  const ground = new Ground(makeWorld, scope, seed);
  const { horizon } = scope;
  const tapes: number[][] = [];
  let events = 0;
  for (let number = 0; number < RUNS; number++) {
    const strategy = new Taping(create(ground.seedOf(number), horizon));
    events += ground.play(ground.copy(number, strategy)).events;
    tapes.push(strategy.tape);
  }
  const play = (strategyOf: (number: number) => Strategy) => () => {
    for (let number = 0; number < RUNS; number++) {
      run(
        ground.copy(number, strategyOf(number)),
        { untilUs: forever, maxEvents: horizon },
        ground.choices,
      );
    }
  };
  const searching = play((number) => create(ground.seedOf(number), horizon));
  const bare = play((number) => new TapeStrategy(tapes[number] as number[]));
  let [searched, read] = [Infinity, Infinity];
  for (let round = 0; round < ROUNDS; round++) {
    searched = Math.min(searched, cpuSeconds(searching));
    read = Math.min(read, cpuSeconds(bare));
  }
  return {
    events_per_cpu_second: Math.round(events / searched),
    bare_events_per_cpu_second: Math.round(events / read),
    runs_per_cpu_second: Math.round(RUNS / searched),
    overhead_thousandths: Math.round(1000 * (searched / read - 1)),
  };
}

/** A whole arm, world copies, probes and abstract states included. */
function armRate(events: number): Record<string, Record<string, number>> {
  return Object.fromEntries(
    arms.map((arm) => {
      let done = { runs: 0, events: 0 };
      const seconds = cpuSeconds(() => {
        done = explore(raftSearch({ portfolio: only(arm) }), { events });
      });
      return [
        arm.name,
        {
          events_per_cpu_second: Math.round(done.events / seconds),
          runs_per_cpu_second: Math.round(done.runs / seconds),
        },
      ];
    }),
  );
}

/** Seeds of the default portfolio until a mutant is caught; milliseconds of this process. */
export function timeToFind(
  mutant: string,
  seeds: number,
  events: number,
  nodes?: number,
): Record<string, unknown> {
  const times: number[] = [];
  const counts: number[] = [];
  const by = new Set<string>();
  for (let seed = 0; seed < seeds; seed++) {
    const size = nodes === undefined ? {} : { nodes };
    const search = raftSearch({ mutant, seed: `bench ${seed}`, ...size });
    const seconds = cpuSeconds(() => {
      const { found, events: spent } = explore(search, { events });
      if (found === null) return;
      counts.push(spent);
      by.add(`${found.violation.invariant} by ${found.arm}`);
    });
    if (counts.length > times.length) times.push(Math.round(1000 * seconds));
  }
  const caught = times.length;
  return {
    caught,
    seeds,
    median_events: median(counts),
    median_cpu_ms: median(times),
    by: [...by],
  };
}

/** `seeds` and `events` scale it: per mutant and size, events at most before giving up. */
export function searchBench(seeds = 5, events = 4_000_000): Record<string, unknown> {
  const entries = Object.entries(strategies);
  return {
    strategies: Object.fromEntries(entries.map(([name, create]) => [name, overhead(create)])),
    arms: armRate(200_000),
    figure8: {
      3: timeToFind('commit-old-term', 4 * seeds, events, 3),
      5: timeToFind('commit-old-term', seeds, 8 * events, 5),
    },
    mutants: Object.fromEntries(searchable.map(({ id }) => [id, timeToFind(id, seeds, events)])),
  };
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}
