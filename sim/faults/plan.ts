/** Random fault plans: a timeline drawn from rates when the run begins. */
import { hashPlain } from '../engine/index.ts';
import type { Director, World } from '../engine/index.ts';
import { behaviourNames, type Fault, type TimelineEntry } from './fault.ts';
import { Timeline } from './timeline.ts';

/** A fault that may begin in any second. */
export interface PlannedFault {
  readonly fault: Fault;
  /** The chance in a million, for each second of virtual time, that it begins in that second. */
  readonly perSecondPpm: number;
  /** It lasts this long, in microseconds, drawn evenly; both 0: nothing ends it but a heal. */
  readonly leastUs: number;
  readonly mostUs: number;
}

export interface PlanConfig {
  readonly faults: readonly PlannedFault[];
  /** From here on, in microseconds, nothing begins and everything is healed. */
  readonly healAtUs: number;
}

const SECOND = 1_000_000;

/**
 * Draws a plan. Each fault has draws of its own for each second, so what one fault does, or whether
 * it is in the plan at all, shifts no draw of another. (Two equal entries are drawn equal: one.)
 */
export function drawPlan(world: World, config: PlanConfig): TimelineEntry[] {
  const { faults, healAtUs } = config;
  const drawn: { readonly us: number; readonly entry: TimelineEntry }[] = [];
  for (const { fault, perSecondPpm, leastUs, mostUs } of faults) {
    const stream = hashPlain(world.draws.streams.faults, fault);
    for (let second = 0; second < healAtUs; second += SECOND) {
      const draw = (bound: number) => world.draws.draw(stream, second, bound);
      if (draw(1_000_000) >= perSecondPpm) continue;
      const us = second + draw(SECOND);
      if (us >= healAtUs) continue;
      const lasts = Math.min(leastUs + draw(mostUs - leastUs + 1), healAtUs - us);
      const trigger = { type: 'at', us } as const;
      drawn.push({ us, entry: mostUs > 0 ? { trigger, fault, forUs: lasts } : { trigger, fault } });
    }
  }
  // Sorting is stable: what begins at one time begins in the order of the plan.
  const entries = drawn.toSorted((a, b) => a.us - b.us).map(({ entry }) => entry);
  const trigger = { type: 'at', us: healAtUs } as const;
  return [...entries, { trigger, fault: { kind: 'heal', what: 'all' } }];
}

/** A director that draws its plan when the run begins. */
export class Plan implements Director {
  private readonly config: PlanConfig;
  private timeline: Timeline;

  constructor(config: PlanConfig) {
    this.config = config;
    this.timeline = new Timeline([]);
  }

  get pending(): number {
    return this.timeline.pending;
  }

  begin(world: World): void {
    this.timeline = new Timeline(drawPlan(world, this.config));
    this.timeline.begin(world);
  }

  afterEvent(world: World, actor: number): void {
    this.timeline.afterEvent(world, actor);
  }

  hash(): number {
    return this.timeline.hash();
  }

  fork(): Plan {
    const copy = new Plan(this.config);
    copy.timeline = this.timeline.fork();
    return copy;
  }
}

/**
 * The specification's `partition_probability` (0 to 1): the chance, per virtual second, that a
 * partition of drawn shape and length begins while none is in force.
 */
export function randomPartitions(probability: number): PlannedFault {
  return {
    fault: { kind: 'random-partition' },
    perSecondPpm: Math.round(probability * 1_000_000),
    leastUs: 200_000,
    mostUs: 5_000_000,
  };
}

/** The byzantine nodes lie, each way about once in `everySeconds`; in groups they collude. */
export function randomLies(everySeconds: number): PlannedFault[] {
  const perSecondPpm = Math.min(1_000_000, Math.floor(1_000_000 / everySeconds));
  return behaviourNames.map((name) => ({
    fault: {
      kind: 'byzantine',
      nodes: ['{liars}'],
      behaviours: name === 'collude' ? [name, 'equivocate'] : [name],
    },
    perSecondPpm,
    leastUs: 100_000,
    mostUs: 3_000_000,
  }));
}

/** What may go wrong in a random plan, beside partitions and lies. */
export type PlanPart = 'crashes' | 'pauses' | 'clocks' | 'messages' | 'disks';

export const planParts: readonly PlanPart[] = ['crashes', 'pauses', 'clocks', 'messages', 'disks'];

/**
 * Faults that a protocol for crash failures has to survive: a minority at most is stopped at one
 * time, disks keep what they have synced. Each comes about once in `everySeconds`.
 */
export function ordinaryFaults(
  nodes: number,
  parts: readonly PlanPart[],
  everySeconds: number,
): PlannedFault[] {
  const limit = Math.floor((nodes - 1) / 2);
  const any = { nodes: ['{any}'] } as const;
  const perSecondPpm = Math.min(1_000_000, Math.floor(1_000_000 / everySeconds));
  const lasting = (fault: Fault, leastUs: number, mostUs: number): PlannedFault => ({
    fault,
    perSecondPpm,
    leastUs,
    mostUs,
  });
  const catalogue: { readonly [P in PlanPart]: readonly PlannedFault[] } = {
    crashes: [lasting({ kind: 'crash', ...any, limit }, 10_000, 5_000_000)],
    pauses: [lasting({ kind: 'pause', ...any, limit }, 10_000, 2_000_000)],
    clocks: [
      lasting({ kind: 'clock-step', ...any, byUs: 300_000 }, 100_000, 3_000_000),
      lasting({ kind: 'clock-step', ...any, byUs: -300_000 }, 100_000, 3_000_000),
      lasting({ kind: 'clock-drift', ...any, ppm: 100_000 }, 500_000, 5_000_000),
      lasting({ kind: 'clock-drift', ...any, ppm: -100_000 }, 500_000, 5_000_000),
    ],
    messages: [
      lasting({ kind: 'loss', ppm: 100_000 }, 500_000, 3_000_000),
      lasting({ kind: 'duplicate', ppm: 100_000 }, 500_000, 3_000_000),
      lasting({ kind: 'delay', medianUs: 30_000, shape: 'heavy-tail' }, 500_000, 3_000_000),
      lasting({ kind: 'reorder', ppm: 200_000, byUs: 100_000 }, 500_000, 3_000_000),
      lasting({ kind: 'replay-old', ppm: 20_000 }, 500_000, 3_000_000),
    ],
    disks: [
      lasting({ kind: 'disk', ...any, problem: 'slow', byUs: 20_000 }, 100_000, 3_000_000),
      lasting({ kind: 'disk', ...any, problem: 'full' }, 100_000, 2_000_000),
      lasting({ kind: 'disk', ...any, problem: 'lose-unsynced', limit }, 10_000, 5_000_000),
    ],
  };
  return parts.flatMap((part) => catalogue[part]);
}
