/** The arms of a search: each is a way to spend one numbered run. */
import { Choices, finish, mix, mixString, run as runWorld, timed } from '../engine/index.ts';
import type { Director, RunResult, Strategy, Violation, World } from '../engine/index.ts';
import { combine } from '../faults/index.ts';
import { ScopedBounds, type Scope } from './scope.ts';

/**
 * Makes the world of a run before its first event: for equal seeds equal worlds. Its monitors may
 * include bounded liveness: they do not count while `faultsPending`, and a search says that faults
 * are pending until it has ended them.
 */
export type MakeWorld = (seed: string, strategy: Strategy) => World;

export interface Played {
  readonly events: number;
  readonly violation: Violation | null;
  /** The world at the end. */
  readonly world: World;
  /** What `makeWorld` was given. */
  readonly worldSeed: string;
  /** The choices from the first event on, for runs that began in a copy of another run's world. */
  readonly tape?: readonly number[];
  /** After so many events all faults ended, and time alone went on; absent: as the plan says. */
  readonly peaceFrom?: number;
}

/** Sees the world of a run before it begins. */
export type Watch = (world: World) => void;

export interface Arm {
  readonly name: string;
  /** Paper, or what it is. */
  readonly source: string;
  /** For a block of runs, which may learn from one another in the order of their numbers. */
  begin(ground: Ground): Runs;
}

export interface Runs {
  /** Equal numbers mean equal runs, after equal runs before it in the block. */
  run(number: number, watch?: Watch): Played;
}

/** So many worlds with different draws stand ready to be copied. */
const VARIANTS = 8;

export const forever = Number.MAX_SAFE_INTEGER;

/** What all runs of a search share. Holds nothing that one run could leave to another. */
export class Ground {
  readonly scope: Scope;
  readonly bounds: ScopedBounds;
  readonly choices: Choices;
  private readonly makeWorld: MakeWorld;
  private readonly seed: string;
  private readonly salt: number;
  private readonly pristine: (World | undefined)[] = [];

  constructor(makeWorld: MakeWorld, scope: Scope, seed: string) {
    this.makeWorld = makeWorld;
    this.scope = scope;
    this.seed = seed;
    this.salt = mixString(0x736368, seed);
    this.bounds = new ScopedBounds(scope);
    this.choices = new Choices(this.bounds);
  }

  /** A 32-bit seed for the run's strategy. */
  seedOf(number: number): number {
    return finish(mix(this.salt, number));
  }

  /** The seed of the world in which an untimed run takes place. */
  worldSeedOf(number: number): string {
    return `${this.seed}/${(finish(mix(~this.salt, number)) >>> 0) % VARIANTS}`;
  }

  /** A world of its own for a timed run. */
  timedSeedOf(number: number): string {
    return `${this.seed}/run ${number}`;
  }

  /** A world of this seed, under search, before its first event. */
  make(worldSeed: string, strategy: Strategy = timed): World {
    const world = this.makeWorld(worldSeed, strategy);
    world.director = new UnderSearch(world.director);
    return world;
  }

  /** A copy of the run's world before its first event: cheaper than making one. */
  copy(number: number, strategy: Strategy): World {
    const worldSeed = this.worldSeedOf(number);
    const variant = Number(worldSeed.slice(this.seed.length + 1));
    const world = (this.pristine[variant] ??= this.make(worldSeed));
    return world.fork(strategy);
  }

  /** Lets an untimed strategy run to the horizon, `done` events of which have happened. */
  play(world: World, done = 0): RunResult {
    const maxEvents = this.scope.horizon - done;
    return runWorld(world, { untilUs: forever, maxEvents }, this.choices);
  }
}

/** An arm whose runs know nothing of one another, each from the beginning to the horizon. */
export function untimedArm(
  name: string,
  source: string,
  create: (seed: number, scope: Scope) => Strategy,
): Arm {
  return {
    name,
    source,
    begin: (ground) => ({
      run(number, watch) {
        const strategy = create(ground.seedOf(number), ground.scope);
        const world = ground.copy(number, strategy);
        watch?.(world);
        const { events } = ground.play(world);
        if (world.violation === null) world.finish();
        const { violation } = world;
        return { events, violation, world, worldSeed: ground.worldSeedOf(number) };
      },
    }),
  };
}

/** Faults may come at any time, until the search declares them over. */
export class UnderSearch implements Director {
  isOver = false;
  private readonly inner: Director | null;

  /** The world's own director goes on directing. */
  constructor(inner: Director | null) {
    this.inner = inner;
  }

  get pending(): number {
    return (this.inner?.pending ?? 0) + (this.isOver ? 0 : 1);
  }

  /** A director that knows itself when its faults are over, beside the world's own. */
  replacedBy(plan: Director): Director {
    return this.inner === null ? plan : combine(this.inner, plan);
  }

  /** The world has begun already. */
  begin(): void {}

  afterEvent(world: World, actor: number): void {
    this.inner?.afterEvent(world, actor);
  }

  hash(): number {
    return mix(this.inner?.hash() ?? 0, this.isOver ? 1 : 0);
  }

  fork(): UnderSearch {
    const copy = new UnderSearch(this.inner?.fork() ?? null);
    copy.isOver = this.isOver;
    return copy;
  }
}
