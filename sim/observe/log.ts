/** The log of a run as JSON lines, in the schema of the specification ("Log Format"). */
import type { EventRecord, LogEvent, Observer, Plain, World } from '../engine/index.ts';
import { epochOf } from './epoch.ts';

/** The value of `skill` in every line. */
const SKILL = 'distributed-systems';

/** Who logs what no node sees: partitions are the network's own view of its links. */
const NETWORK = 'network';

/** Virtual time begins here; its milliseconds are those of the Unix epoch. */
const BEGINNING_MS = 946_684_800_000;

/** One line. The fields stand in the order of the specification. */
export interface LogLine {
  readonly level: 'INFO' | 'WARN';
  /** ISO 8601, of virtual time: a run begins at 2000-01-01T00:00:00.000Z. */
  readonly timestamp: string;
  readonly skill: typeof SKILL;
  readonly node_id: string;
  /** The term, ballot round, view or epoch; the network says the highest that a node is in. */
  readonly term: number;
  readonly event: LogEvent['event'];
  readonly context: { readonly [field: string]: Plain | undefined };
}

/** Gives each log event to `sink`, as a line that ends with a line feed. */
export class LogWriter implements Observer {
  private readonly sink: (line: string) => void;
  private world: World | null = null;

  constructor(sink: (line: string) => void) {
    this.sink = sink;
  }

  begin(world: World): void {
    this.world = world;
  }

  afterEvent(_world: unknown, _record: EventRecord): void {}

  onLog(node: number, event: LogEvent): void {
    if (this.world === null) return;
    this.sink(`${JSON.stringify(lineOf(this.world, node, event))}\n`);
  }
}

/** `node` is -1 for the network. */
export function lineOf(world: World, node: number, logged: LogEvent): LogLine {
  const { event, level = 'INFO', context = {} } = logged;
  const node_id = world.nodeIds[node] ?? NETWORK;
  const term = logged.term ?? epochOf(world, node);
  // The specification's example says in the context who was elected, and in which term.
  const elected = event === 'leader_elected' ? { node_id, term } : {};
  const timestamp = timestampOf(world.now);
  return {
    level,
    timestamp,
    skill: SKILL,
    node_id,
    term,
    event,
    context: { ...elected, ...context },
  };
}

/** ISO 8601 with milliseconds, of microseconds of virtual time. */
export function timestampOf(us: number): string {
  return new Date(BEGINNING_MS + Math.floor(us / 1000)).toISOString();
}
