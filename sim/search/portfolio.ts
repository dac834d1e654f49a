/**
 * The default search: no strategy is best everywhere, so each run is of an arm that is drawn from
 * its number, and later whole blocks of runs go to arms that learn. What is drawn never depends on
 * what was found: any number of workers plays the same runs.
 */
import { finish, mix, mixString } from '../engine/index.ts';
import { untimedArm, type Arm } from './arm.ts';
import { branch } from './branch.ts';
import { ByzantineRounds } from './byzantine-rounds.ts';
import { coverageGuided } from './coverage-guided.ts';
import { entryAt } from './chance.ts';
import { Follow } from './follow.ts';
import { livenessArm } from './liveness.ts';
import { Pct } from './pct.ts';
import { Pos } from './pos.ts';
import { RandomWalk, swarmWalk } from './random-walk.ts';
import { Rounds } from './rounds.ts';
import { swarm } from './swarm.ts';

/** Runs in a block: the unit of learning, and of work that is handed to a worker. */
export const BLOCK = 1024;

/** Which arm a run is of. */
export interface Portfolio {
  readonly name: string;
  /** Drawn for each run of an ordinary block. */
  readonly arms: readonly { readonly arm: Arm; readonly weight: number }[];
  /** Arms that get whole blocks: every `every`th, from block `first` on; the first that fits. */
  readonly blocks: readonly { readonly arm: Arm; readonly first: number; readonly every: number }[];
}

export const randomWalk = untimedArm(
  'random-walk',
  'Thomson, Donaldson and Betts, Concurrency testing using controlled schedulers, TOPC 2016',
  (seed) => new RandomWalk(seed),
);

export const swarmWalks = untimedArm(
  'swarm-walk',
  'Groce et al., Swarm testing, ISSTA 2012',
  (seed) => swarmWalk(seed),
);

export const follow = untimedArm('follow', 'causal follow (Schism)', (seed) => new Follow(seed));

export const rounds = untimedArm(
  'rounds',
  'after Bano et al., Twins, OPODIS 2021, and Winter et al., ByzzFuzz, OOPSLA 2023',
  (seed) => new Rounds(seed),
);

export const pct = untimedArm(
  'pct',
  'Burckhardt et al., PCT, ASPLOS 2010; Ozkan et al., PCTCP, OOPSLA 2018',
  (seed, scope) => new Pct(seed, scope.horizon),
);

export const pos = untimedArm(
  'pos',
  'Yuan, Yang and Gu, Partial order aware concurrency sampling, CAV 2018',
  (seed, scope) => new Pos(seed, scope.horizon),
);

/** A timed run has twenty times as many events as another: one in 200 is one event in ten. */
export const defaultPortfolio: Portfolio = {
  name: 'portfolio',
  arms: [
    { arm: randomWalk, weight: 100 },
    { arm: rounds, weight: 20 },
    { arm: follow, weight: 50 },
    { arm: swarmWalks, weight: 10 },
    { arm: pct, weight: 10 },
    { arm: pos, weight: 9 },
    { arm: swarm, weight: 1 },
  ],
  blocks: [
    { arm: branch, first: 7, every: 8 },
    { arm: coverageGuided, first: 11, every: 16 },
  ],
};

export const byzantineRounds = untimedArm(
  'byzantine-rounds',
  'Winter et al., ByzzFuzz, OOPSLA 2023',
  (seed) => new ByzantineRounds(seed),
);

const liveness = livenessArm();

/** What a portfolio may have to know of a world. */
export interface AboutWorld {
  readonly mayLie: boolean;
  /** Bounded liveness is among its invariants. */
  readonly promisesProgress: boolean;
}

/**
 * The default search gets plans for liars where nodes may lie, and demands progress where that is
 * promised: a demand takes five times as many events as another run, and what never happens is not
 * to be found in the first second. Any other portfolio stays as it is.
 */
export function portfolioFor(
  portfolio: Portfolio,
  { mayLie, promisesProgress }: AboutWorld,
): Portfolio {
  if (portfolio !== defaultPortfolio) return portfolio;
  const { name, arms: ordinary, blocks } = portfolio;
  return {
    name,
    arms: mayLie ? amongLiars(ordinary) : ordinary,
    // A core in which somebody lies owes nothing.
    blocks:
      promisesProgress && !mayLie ? [...blocks, { arm: liveness, first: 13, every: 24 }] : blocks,
  };
}

/** Who colludes has to lie in many messages of one story: that takes a plan, and time. */
function amongLiars(ordinary: Portfolio['arms']): Portfolio['arms'] {
  const timed = ordinary.map(({ arm, weight }) => ({ arm, weight: arm === swarm ? 10 : weight }));
  return [...timed, { arm: byzantineRounds, weight: 100 }];
}

export const arms: readonly Arm[] = [
  ...defaultPortfolio.arms.map(({ arm }) => arm),
  byzantineRounds,
  ...defaultPortfolio.blocks.map(({ arm }) => arm),
  liveness,
];

/** All runs of one arm. */
export function only(arm: Arm): Portfolio {
  return { name: arm.name, arms: [{ arm, weight: 1 }], blocks: [] };
}

/** The arm of the run with this number. */
export function armOf({ arms, blocks }: Portfolio, seed: string, number: number): Arm {
  const block = Math.floor(number / BLOCK);
  const whole = blocks.find(({ first, every }) => block >= first && (block - first) % every === 0);
  if (whole !== undefined) return whole.arm;
  const weights = arms.map(({ weight }) => weight);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const ticket = (finish(mix(mixString(0x61726d, seed), number)) >>> 0) % sum;
  return (arms[entryAt(weights, ticket)] as { readonly arm: Arm }).arm;
}
