/** The four metrics of the specification, of one run. */
import type { Completion, EventRecord, LogEvent, Observer } from '../engine/index.ts';
import type { Request, SendRecord, World, WorldView } from '../engine/index.ts';
import { Elections, electionResults } from './elections.ts';
import { epochOf, observationOf } from './epoch.ts';
import { Histogram } from './histogram.ts';
import { Lag } from './lag.ts';
import { exposition, type Family } from './prometheus.ts';

/** Upper bounds in seconds. */
const BUCKETS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5] as const;

interface OpenOperation {
  readonly type: string;
  readonly since: number;
}

/** Watches a run; `text()` afterwards. Time is virtual. */
export class Metrics implements Observer {
  private world: World | null = null;
  private readonly elections = new Elections();
  private readonly lag = new Lag();
  private readonly partitions = { detected: 0, healed: 0 };
  private readonly latencies = new Map<string, Histogram>();
  private readonly open = new Map<string, OpenOperation>();

  begin(world: World): void {
    this.world = world;
    for (let node = 0; node < world.nodes.length; node++) this.lag.afterEvent(world, node);
  }

  afterEvent(world: WorldView, { event: { actor } }: EventRecord): void {
    if (actor >= 0 && actor < world.nodes.length) this.lag.afterEvent(world, actor);
  }

  onLog(node: number, logged: LogEvent): void {
    const { world } = this;
    if (world === null) return;
    this.elections.onLog(node, logged, logged.term ?? epochOf(world, node));
    if (logged.event === 'partition_detected') this.partitions.detected++;
    if (logged.event === 'partition_healed') this.partitions.healed++;
  }

  /** An operation begins when its client first sends it. */
  onSend({ from, payload }: SendRecord): void {
    const { world } = this;
    if (world === null || from < world.nodes.length) return;
    const { sequence, command } = payload as Request;
    const key = `${from - world.nodes.length}/${sequence}`;
    if (!this.open.has(key)) this.open.set(key, { type: command.type, since: world.now });
  }

  onOutcome(client: number, sequence: number, completion: Completion): void {
    const key = `${client}/${sequence}`;
    const operation = this.open.get(key);
    if (operation === undefined || this.world === null) return;
    this.open.delete(key);
    if (completion.type !== 'ok') return;
    const { type, since } = operation;
    const histogram = this.latencies.get(type) ?? new Histogram(BUCKETS);
    this.latencies.set(type, histogram);
    histogram.observe((this.world.now - since) / 1_000_000);
  }

  /** Prometheus's text format, version 0.0.4. */
  text(): string {
    return exposition(this.families());
  }

  private families(): Family[] {
    const { counts } = this.elections;
    return [
      {
        name: 'leader_elections_total',
        type: 'counter',
        help: 'Elections, by how they ended.',
        samples: electionResults.map((result) => ({ labels: { result }, value: counts[result] })),
      },
      {
        name: 'replication_lag_seconds',
        type: 'gauge',
        help: 'For how long a follower has lacked what is decided, in virtual time.',
        samples: this.followers(),
      },
      {
        name: 'consensus_latency_seconds',
        type: 'histogram',
        help: 'From the first try of an operation to its success, in virtual time.',
        samples: [...this.latencies].flatMap(([operation_type, histogram]) =>
          histogram.samples({ operation_type }),
        ),
      },
      {
        name: 'partition_events_total',
        type: 'counter',
        help: 'Cuts of the network, and their ends.',
        samples: (['detected', 'healed'] as const).map((type) => ({
          labels: { type },
          value: this.partitions[type],
        })),
      },
    ];
  }

  /** Every node that does not lead, those that are down included. */
  private followers(): Family['samples'] {
    const { world } = this;
    if (world === null) return [];
    return world.nodeIds.flatMap((follower_id, node) => {
      if (observationOf(world, node)?.leads === true) return [];
      return [{ labels: { follower_id }, value: this.lag.behindUs(world, node) / 1_000_000 }];
    });
  }
}
