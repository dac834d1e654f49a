/** What fast-check costs: schedules as values of a property against the runs alone. */
import * as fc from 'fast-check';
import { searchOf } from '../../sim/property/hunt.ts';
import { schedules, subject } from '../../sim/property/index.ts';
import { armOf, defaultPortfolio, Ground, type Portfolio } from '../../sim/search/index.ts';

const RUNS = 2048;
const ROUNDS = 7;

const raft = subject({
  protocol: 'raft',
  cluster_config: { nodes: 3 },
  options: { max_entries: 1 },
  disk: { sync_ms: 0 },
});

/** Arms whose runs know nothing of one another, in the shares that the search gives them. */
const independent: Portfolio = { ...defaultPortfolio, blocks: [] };

/** The same arms, played one after the other with nothing around them. */
function bare(round: number): void {
  const search = searchOf(raft, { seed: 'property' });
  const ground = new Ground(search.makeWorld, search.scope, search.seed);
  for (let i = 0; i < RUNS; i++) {
    const number = round * RUNS + i;
    const { violation } = armOf(independent, search.seed, number).begin(ground).run(number);
    if (violation !== null) throw new Error(violation.message);
  }
}

function checked(batch: number, round: number): void {
  const anyRun = schedules(raft, { batch });
  const property = fc.property(anyRun, (run) => run.holds());
  fc.assert(property, { seed: round, numRuns: RUNS / batch });
}

function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Medians over rounds in turn, so that a disturbance of the machine hits all alike. */
export function propertyBench(): Record<string, unknown> {
  const ways: Readonly<Record<string, (round: number) => void>> = {
    bare,
    one_run_a_value: (round) => checked(1, round),
    batches_of_64: (round) => checked(64, round),
  };
  for (const work of Object.values(ways)) work(0);
  const times = new Map(Object.keys(ways).map((name) => [name, [] as number[]]));
  for (let round = 1; round <= ROUNDS; round++) {
    for (const [name, work] of Object.entries(ways)) {
      times.get(name)?.push(cpuMs(() => work(round)));
    }
  }
  const medians = [...times].map(([name, all]) => {
    return [name, all.toSorted((a, b) => a - b)[ROUNDS >> 1] as number] as const;
  });
  const base = medians[0]?.[1] ?? NaN;
  return Object.fromEntries(
    medians.map(([name, ms]) => {
      const usARun = Math.round((1000 * ms) / RUNS);
      return [name, { cpu_us_a_run: usARun, times_bare: Math.round((100 * ms) / base) / 100 }];
    }),
  );
}
