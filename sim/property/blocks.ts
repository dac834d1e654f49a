/** A search as a property of fast-check: its run number n is block n of the search. */
import * as fc from 'fast-check';
import { finish, mixString } from '../engine/index.ts';
import { BLOCK, exploreBatch, type Exploration, type Search } from '../search/index.ts';

/** Blocks from `first` on, until `runs` runs of the search are through. */
export interface Blocks {
  readonly first: number;
  /** The number of the run before which the search ends; Infinity: it goes on until it fails. */
  readonly runs: number;
}

export interface Checked {
  /** What fast-check needs to begin at the failing block: `{ seed, path, endOnFailure: true }`. */
  readonly seed: number;
  /** Null when nothing failed. */
  readonly path: string | null;
}

/** Thrown by `afterBlock` to end a check early. */
export class Enough extends Error {}

/** How many blocks there are to play. */
export function blockCount({ first, runs }: Blocks): number {
  return Math.max(0, Math.ceil(runs / BLOCK) - first);
}

/** The runs of a block: [from, to). */
export function blockRange(block: number, runs: number): readonly [from: number, to: number] {
  return [block * BLOCK, Math.min((block + 1) * BLOCK, runs)];
}

/** The seed of the check of a search: fast-check knows 32-bit integers only. */
export function checkSeed(seed: string): number {
  const number = Number(seed);
  return Number.isInteger(number) && Math.abs(number) < 0x8000_0000
    ? number
    : finish(mixString(0x6663, seed));
}

/**
 * `fc.check` of "no run of this block violates anything"; `afterBlock` hears of every block before
 * the next one begins, so that it may look at signals and clocks.
 */
export async function checkBlocks(
  search: Search,
  blocks: Blocks,
  afterBlock: (exploration: Exploration) => Promise<void>,
): Promise<Checked> {
  const seed = checkSeed(search.seed);
  const numRuns = blockCount(blocks);
  if (numRuns === 0) return { seed, path: null };
  const property = new BlockProperty(search, blocks, afterBlock);
  try {
    const { counterexamplePath: path } = await fc.check(property, {
      seed,
      numRuns,
      endOnFailure: true,
    });
    return { seed, path };
  } catch (error) {
    if (error instanceof Enough) return { seed, path: null };
    throw error;
  }
}

class BlockProperty implements fc.IRawProperty<Exploration, true> {
  private readonly search: Search;
  private readonly blocks: Blocks;
  private readonly afterBlock: (exploration: Exploration) => Promise<void>;
  private ended: Enough | null = null;

  constructor(
    search: Search,
    blocks: Blocks,
    afterBlock: (exploration: Exploration) => Promise<void>,
  ) {
    this.search = search;
    this.blocks = blocks;
    this.afterBlock = afterBlock;
  }

  isAsync(): true {
    return true;
  }

  /** Blocks are numbered; what a block draws comes from its number and the search's seed. */
  generate(_mrng: fc.Random, runId = 0): fc.Value<Exploration> {
    const { first, runs } = this.blocks;
    return new fc.Value(exploreBatch(this.search, ...blockRange(first + runId, runs)), undefined);
  }

  /** A block is not shrunk; the run in it is, by its events. */
  shrink(): fc.Stream<fc.Value<Exploration>> {
    return fc.Stream.nil();
  }

  async run(exploration: Exploration): Promise<fc.PropertyFailure | null> {
    try {
      await this.afterBlock(exploration);
    } catch (error) {
      if (!(error instanceof Enough)) throw error;
      this.ended = error;
    }
    const { found } = exploration;
    return found === null ? null : { error: new Error(found.violation.message) };
  }

  runBeforeEach(): Promise<void> {
    return Promise.resolve();
  }

  runAfterEach(): Promise<void> {
    return this.ended === null ? Promise.resolve() : Promise.reject(this.ended);
  }
}
