/**
 * Snapshot and branch: worlds that look new at the end of a round are kept, and later runs begin in
 * copies of them, those first that were visited least for what they brought. Ecoffet et al., "First
 * return, then explore" (Go-Explore, Nature 2021), with cells at the boundaries of rounds, where
 * worlds are calm enough to be compared.
 */
import { valueOf, type RunInfo, type Strategy, type World } from '../engine/index.ts';
import type { Enabled } from '../engine/index.ts';
import { abstractState } from './abstract.ts';
import type { Arm, Ground, Played, Runs, Watch } from './arm.ts';
import { Chance } from './chance.ts';
import { Rounds } from './rounds.ts';

interface Cell {
  readonly world: World;
  readonly worldSeed: string;
  /** What is left of the budgets of its run. */
  readonly left: Int32Array;
  readonly tape: readonly number[];
  visits: number;
  /** Cells that were found from here. */
  found: number;
}

/** Rounds that a run goes beyond the cell in which it begins, at most. */
const ROUNDS = 4;
/** So many cells compete to be the next one. */
const TOURNAMENT = 6;
/** One run in so many begins at the very beginning. */
const FRESH = 8;

export const branch: Arm = {
  name: 'branch',
  source: 'Ecoffet et al., First return, then explore, Nature 2021',
  begin: (ground) => new Branching(ground),
};

class Branching implements Runs {
  private readonly ground: Ground;
  private readonly cells: Cell[] = [];
  private readonly known = new Set<number>();

  constructor(ground: Ground) {
    this.ground = ground;
  }

  run(number: number, watch?: Watch): Played {
    const { ground } = this;
    const chance = new Chance(ground.seedOf(number));
    const cell = this.pick(chance);
    const strategy = new Taped(chance.bits());
    const world = cell === null ? ground.copy(number, strategy) : cell.world.fork(strategy);
    const worldSeed = cell?.worldSeed ?? ground.worldSeedOf(number);
    const before = cell?.tape ?? [];
    watch?.(world);
    let left = cell?.left ?? null;
    let isKept = false;
    for (let round = 1 + chance.below(ROUNDS); round > 0; round--) {
      if (left !== null) ground.bounds.goOnWith(left);
      strategy.rounds = new Rounds(chance.bits(), 1);
      const { reason } = ground.play(world, before.length + strategy.tape.length);
      left = ground.bounds.left;
      if (reason !== 'events' || before.length + strategy.tape.length >= ground.scope.horizon)
        break;
      // One world in a run is kept at most: the next ones are near it.
      if (!isKept) isKept = this.keep(world, worldSeed, left, [...before, ...strategy.tape], cell);
    }
    if (world.violation === null) world.finish();
    const { violation } = world;
    const tape = [...before, ...strategy.tape];
    return { events: strategy.tape.length, violation, world, worldSeed, tape };
  }

  /** The least visited for what it brought, of some drawn; null: the beginning. */
  private pick(chance: Chance): Cell | null {
    const { cells } = this;
    if (cells.length === 0 || chance.below(FRESH) === 0) return null;
    let best: Cell | null = null;
    for (let i = 0; i < TOURNAMENT; i++) {
      const cell = cells[chance.below(cells.length)] as Cell;
      if (best === null || worth(cell) < worth(best)) best = cell;
    }
    if (best !== null) best.visits++;
    return best;
  }

  private keep(
    world: World,
    worldSeed: string,
    left: Int32Array,
    tape: readonly number[],
    from: Cell | null,
  ): boolean {
    const key = abstractState(world);
    if (this.known.has(key)) return false;
    this.known.add(key);
    if (from !== null) from.found++;
    this.cells.push({ world: world.fork(), worldSeed, left, tape, visits: 0, found: 0 });
    return true;
  }
}

function worth({ visits, found }: Cell): number {
  return visits / (1 + found);
}

/** One round after another, and what was chosen. */
class Taped implements Strategy {
  readonly name = 'branch';
  readonly order = 'untimed';
  readonly draw = valueOf;
  readonly tape: number[] = [];
  rounds: Rounds;

  constructor(seed: number) {
    this.rounds = new Rounds(seed, 1);
  }

  begin(info: RunInfo): void {
    this.rounds.begin(info);
  }

  choose(enabled: Enabled): number {
    const choice = this.rounds.choose(enabled);
    if (choice >= 0) this.tape.push(choice);
    return choice;
  }
}
