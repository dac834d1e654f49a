/** The scenario under examination, and the runs that are made of it. */
import { assert } from '../../engine/index.ts';
import { factsOf, prepare, type Catalogue, type Scenario } from '../../scenario/index.ts';
import type { ProtocolEntry } from '../../scenario/index.ts';
import { timelineEntry } from '../../scenario/schema-faults.ts';
import { workloadConfig } from '../../scenario/schema-clients.ts';
import { measure, type Measured } from '../rehearsal/measure.ts';
import type { Fault } from '../trial.ts';
import { Watch } from './watch.ts';

export interface Examined {
  readonly measured: Measured;
  readonly watch: Watch;
}

/** When a fault that is added begins and ends, and the run ends; milliseconds. */
export interface Course {
  readonly from: number;
  readonly to: number;
  readonly end: number;
}

export class Patient {
  readonly scenario: Scenario;
  readonly entry: ProtocolEntry;
  readonly course: Course;
  private readonly catalogue: Catalogue;
  private readonly seed: string;
  private ownRun: Examined | null = null;

  constructor(scenario: Scenario, catalogue: Catalogue, seed: string) {
    const entry = catalogue.protocols.get(scenario.protocol);
    assert(entry !== undefined, 'a scenario that can be used names a protocol that there is');
    this.scenario = scenario;
    this.entry = entry;
    this.catalogue = catalogue;
    this.seed = seed;
    const unit = unitMs(scenario);
    this.course = { from: 12 * unit, to: 24 * unit, end: 48 * unit };
  }

  /** The scenario as it is. */
  get own(): Examined {
    this.ownRun ??= this.run(this.scenario);
    return this.ownRun;
  }

  /** The scenario's network without partitions by chance and without liars. */
  get calmNetwork(): Scenario['network_assumptions'] {
    return { ...this.scenario.network_assumptions, partition_probability: 0, byzantine: false };
  }

  /** Whether this protocol has clients, so that somebody can be served. */
  get hasClients(): boolean {
    return this.entry.create([]).client !== undefined || this.catalogue.defaultClient !== null;
  }

  /**
   * The same protocol, cluster, options and mutants, with other faults: each begins at `from` and
   * ends at `to`. Neither the scenario's script nor its own faults happen.
   */
  with(faults: readonly Fault[], change: Partial<Scenario> = {}): Examined {
    const { initial: _initial, random_faults: _random, ...rest } = this.scenario;
    const { from, to, end } = this.course;
    const clients = this.hasClients ? (rest.workload ?? someClients) : rest.workload;
    return this.run({
      ...rest,
      ...(clients === undefined ? {} : { workload: { ...clients, clients: clientCount(clients) } }),
      network_assumptions: this.calmNetwork,
      schedule: [],
      after_schedule: 'continue',
      duration: 1000 * end,
      max_events: 3_000_000,
      faults: faults.map((fault) => {
        const lasts = 'clock-step' in fault ? {} : { for: `${to - from}ms` };
        return timelineEntry.parse({ at: `${from}ms`, ...lasts, ...fault });
      }),
      ...change,
    });
  }

  private run(scenario: Scenario): Examined {
    const watch = new Watch();
    const prepared = prepare(scenario, { seed: this.seed, catalogue: this.catalogue });
    return { measured: measure(prepared, [watch]), watch };
  }
}

const someClients = workloadConfig.parse({});

/** So many that one of them is with whoever should not serve any more. */
function clientCount({ clients }: { readonly clients: number }): number {
  return Math.max(5, clients);
}

/** A time in which the protocol notices a failure: from its options, else from the latency. */
function unitMs(scenario: Scenario): number {
  const { latencyMs, syncMs } = factsOf(scenario);
  const written = Object.entries(scenario.options)
    .filter(([name]) => /timeout_ms$|view_change_ms$/.test(name))
    .flatMap(([, value]) => (Array.isArray(value) ? value : [value]))
    .filter((value): value is number => typeof value === 'number');
  return Math.ceil(Math.max(150, 10 * (latencyMs + syncMs), ...written));
}

/** How a run of a variant went, in words. */
export function outcomeOf({ measured }: Examined): string {
  const { violation, verdicts } = measured;
  const held = verdicts.filter(({ outcome }) => outcome === 'holds').length;
  return violation ?? `all ${held} invariants held`;
}
