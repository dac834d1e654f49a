/** How the search scales over worker threads: the same blocks with one worker, two, and more. */
import { availableParallelism } from 'node:os';
import { Crew } from '../../sim/cli/crew.ts';
import { writeYaml } from '../../sim/scenario/write.ts';
import { BLOCK } from '../../sim/search/index.ts';

/** All workers share so many blocks; before that each has one, in which it starts and warms up. */
const BLOCKS = 16;

const text = writeYaml({
  name: 'clean Raft in a small world',
  protocol: 'raft',
  options: { max_entries: 1 },
  cluster_config: { nodes: 3 },
  disk: { sync_ms: 0 },
});

/** Runs per second of wall clock, and how many times those of one worker. */
export async function scalingBench(): Promise<object> {
  const cores = availableParallelism();
  const sizes = [...new Set([1, 2, cores])].toSorted((a, b) => a - b);
  const rates: { workers: number; runs_per_second: number; times_one: number }[] = [];
  for (const workers of sizes) {
    const rate = Math.round(await rateOf(workers));
    const times = rate / (rates[0]?.runs_per_second ?? rate);
    rates.push({ workers, runs_per_second: rate, times_one: Math.round(100 * times) / 100 });
  }
  return { cores, rates };
}

async function rateOf(workers: number): Promise<number> {
  const crew = new Crew({ text, file: 'bench.yaml', seed: '1', strategy: 'portfolio', scope: {} });
  let runs = 0;
  let next = 0;
  const work = async (end: number) => {
    while (next < end) {
      const from = next++ * BLOCK;
      const reply = await crew.perform({ type: 'explore', from, to: from + BLOCK });
      if (reply.type === 'explored') runs += reply.exploration.runs;
    }
  };
  const everyone = (end: number) => Promise.all(Array.from({ length: workers }, () => work(end)));
  try {
    await everyone(workers);
    runs = 0;
    next = 0;
    const since = performance.now();
    await everyone(BLOCKS);
    return (1000 * runs) / (performance.now() - since);
  } finally {
    await crew.dismiss();
  }
}
