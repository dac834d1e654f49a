/**
 * Schedules as a fast-check arbitrary: a value is one run, its outcome computed while it is
 * generated (generating by the engine and keeping what came of it costs nothing beside the run).
 */
import * as fc from 'fast-check';
import { armOf, defaultPortfolio, Ground } from '../search/index.ts';
import type { Arm, Portfolio, Scope } from '../search/index.ts';
import { shrink } from '../shrink/index.ts';
import { scopeOf, shrinkRequestOf, worldsOf } from './hunt.ts';
import { begin, Notes, type Told } from './notes.ts';
import { Schedule } from './schedule.ts';
import type { Subject } from './subject.ts';

export interface SchedulesOptions {
  /** Default: the portfolio, without the arms that learn from one run to the next. */
  readonly portfolio?: Portfolio;
  /** Budgets of one run. */
  readonly scope?: Partial<Scope>;
  /**
   * How many runs make one value: the first that violates something, else the last. With 64, the
   * 100 values of a check are 6,400 runs. Default 1.
   */
  readonly batch?: number;
}

/** Random schedules of a subject. */
export function schedules(subject: Subject, options: SchedulesOptions = {}): ScheduleArbitrary {
  return new ScheduleArbitrary(subject, options);
}

/** What a value has been through: a fat candidate is as short as deleting makes it. */
type Context = 'shrunk' | undefined;

export class ScheduleArbitrary extends fc.Arbitrary<Schedule> {
  private readonly subject: Subject;
  private readonly portfolio: Portfolio;
  private readonly ground: Ground;
  private readonly batch: number;

  constructor(subject: Subject, options: SchedulesOptions) {
    super();
    const { portfolio = defaultPortfolio, scope = {}, batch = 1 } = options;
    this.subject = subject;
    // A value may depend on its own draws only.
    this.portfolio = { ...portfolio, blocks: [] };
    this.ground = new Ground(worldsOf(subject), scopeOf(subject, scope), 'property');
    this.batch = batch;
  }

  generate(mrng: fc.Random): fc.Value<Schedule> {
    let schedule = this.play(mrng.nextInt(0, 0x7fff_ffff));
    for (let i = 1; i < this.batch && schedule.holds(); i++) {
      schedule = this.play(mrng.nextInt(0, 0x7fff_ffff));
    }
    return new fc.Value(schedule, undefined);
  }

  /** Any schedule, so that a trace out of an archive can be an example and shrinks as well. */
  canShrinkWithoutContext(value: unknown): value is Schedule {
    return value instanceof Schedule;
  }

  /**
   * First the one candidate to which deleting leads while the same invariant is violated. Then, for
   * properties that fail for reasons of their own, parts are left out from the back, the larger
   * first; none is executed before somebody looks.
   */
  shrink(value: Schedule, context?: unknown): fc.Stream<fc.Value<Schedule>> {
    if ((context as Context) === 'shrunk') return fc.Stream.nil();
    return fc.stream(candidates(value));
  }

  private play(number: number): Schedule {
    const { ground, subject, portfolio } = this;
    const arm = armOf(portfolio, 'property', number);
    const { violation, world, worldSeed } = arm.begin(ground).run(number);
    const tell = () => told(subject, ground, arm, number, worldSeed);
    return new Schedule(subject, worldSeed, { outcome: { world, violation, tell } });
  }
}

/** Plays the run once more and takes its events down, those of the scenario's schedule in front. */
function told(subject: Subject, ground: Ground, arm: Arm, number: number, seed: string): Told {
  const before = begin(subject, seed);
  const notes = new Notes();
  arm.begin(ground).run(number, (world) => notes.watch(world));
  return {
    steps: [...before.steps, ...notes.steps],
    labels: [...before.labels, ...notes.labels],
    atEnd: notes.isOver,
  };
}

function* candidates(value: Schedule): Generator<fc.Value<Schedule>> {
  const caught = value.caught();
  if (caught !== null) {
    const shrunk = shrink(shrinkRequestOf(caught));
    if (shrunk !== null) {
      const { steps, variant } = shrunk;
      const fat = new Schedule(value.subject, value.seed, { steps }, variant);
      yield new fc.Value(fat, 'shrunk' satisfies Context);
    }
  }
  const { steps } = value;
  for (let size = steps.length >> 1; size >= 1; size >>= 1) {
    for (let end = steps.length; end > 0; end -= size) {
      const rest = [...steps.slice(0, Math.max(0, end - size)), ...steps.slice(end)];
      const candidate = new Schedule(value.subject, value.seed, { steps: rest }, value.variant);
      yield new fc.Value(candidate, undefined);
    }
  }
}
