/** Plays the blocks of a search: in this thread, as a check of fast-check; or in several. */
import { blockCount, blockRange, checkBlocks, checkSeed, Enough } from '../property/blocks.ts';
import type { Blocks, Checked } from '../property/blocks.ts';
import type { Exploration } from '../search/index.ts';
import { Death, type Crew } from './crew.ts';
import type { Io } from './io.ts';
import type { Ledger } from './search-ledger.ts';
import type { SearchPlan } from './search-plan.ts';

export interface Watch {
  /** True when the search is to end: somebody interrupted, or the time is over. */
  readonly isOver: () => boolean;
  readonly onBlock: () => void;
}

/** Until a run fails, the budget is used up, or it is over; `ledger` takes everything down. */
export function exploreHere(
  { search }: SearchPlan,
  blocks: Blocks,
  ledger: Ledger,
  watch: Watch,
): Promise<Checked> {
  return checkBlocks(search, blocks, async (exploration) => {
    ledger.take(exploration);
    watch.onBlock();
    // Signals are heard only between turns of the event loop.
    await new Promise((resume) => setImmediate(resume));
    if (watch.isOver()) throw new Enough();
  });
}

/**
 * The same with as many blocks at a time as there are jobs, and with the same result: blocks count
 * in their order, up to the first that fails. A block over which a worker dies is tried once more.
 */
export async function exploreWith(
  crew: Crew,
  { jobs, search }: SearchPlan,
  blocks: Blocks,
  ledger: Ledger,
  watch: Watch,
  io: Io,
): Promise<Checked> {
  const { first, runs } = blocks;
  const end = first + blockCount(blocks);
  const done = new Map<number, Exploration | null>();
  let next = first;
  let counted = first;
  let failed = Infinity;
  const count = () => {
    for (; counted <= failed && done.has(counted); counted++) {
      const exploration = done.get(counted) ?? null;
      done.delete(counted);
      if (exploration === null) ledger.lost.push(counted);
      else ledger.take(exploration);
    }
    watch.onBlock();
  };
  const work = async () => {
    while (next < end && next <= failed && !watch.isOver()) {
      const block = next++;
      const exploration = await play(crew, block, runs, search.seed, io);
      if (exploration !== null && exploration.found !== null) failed = Math.min(failed, block);
      done.set(block, exploration);
      count();
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
  const path = ledger.found === null ? null : String(failed - first);
  return { seed: checkSeed(search.seed), path };
}

/** Null when workers died over it twice. */
async function play(
  crew: Crew,
  block: number,
  runs: number,
  seed: string,
  io: Io,
): Promise<Exploration | null> {
  const [from, to] = blockRange(block, runs);
  for (const then of ['another one tries them again', 'they are left out']) {
    try {
      const reply = await crew.perform({ type: 'explore', from, to });
      if (reply.type === 'explored') return reply.exploration;
    } catch (error) {
      if (!(error instanceof Death)) throw error;
      io.note(`a worker died over runs ${from} to ${to - 1} of seed ${seed}: ${error.message}; `);
      io.note(`${then}\n`);
    }
  }
  return null;
}
