/** An observer that writes down a run: every event, what it sent, and how states changed. */
import { assert, contentHash, EventKind, eventLabel, eventStem } from '../engine/index.ts';
import { kindNames, type Command, type Completion, type EndReason } from '../engine/index.ts';
import type { EventRecord, FaultAction, LogEvent, NodeView, Observer } from '../engine/index.ts';
import type { PendingEvent, SendRecord, Strategy } from '../engine/index.ts';
import type { World, WorldView } from '../engine/index.ts';
import { Digest } from './digest.ts';
import { watchDraws, type TracedDraw } from './draws.ts';
import { formatVersion, textHash } from './format.ts';
import type { Change, Snapshot, TracedSend, TraceEvent } from './format.ts';
import type { TraceFooter, TraceHeader, TraceStart, Verdict } from './format.ts';
import { countOlderTwins } from './find.ts';
import { Mirror } from './mirror.ts';
import { own } from './own.ts';
import { sendOf } from './send.ts';
import { TraceWriter, type Sink } from './write.ts';

/** What a trace says of its run beside the events. */
export interface About {
  /** The version of the simulator. */
  readonly engine: string;
  /** The scenario's file, of which only the name is kept, and its text. */
  readonly file: string;
  readonly text: string;
  readonly mutants: readonly string[];
}

/**
 * Records one run: make the world with `recorder.strategy` and the recorder as its observer, call
 * `begin`, run, call `finish`. The bytes go to `sink` as they come.
 */
export class Recorder implements Observer {
  /** The run's strategy, watched for draws that the seed does not explain. */
  readonly strategy: Strategy;
  private readonly about: About;
  private readonly sink: Sink;
  private readonly digest = new Digest();
  private writer: TraceWriter | null = null;
  private world!: World; // `begin` sets it before the first event.
  private mirrors: Mirror[] = [];
  /** The last event at each actor; the world's own comes last. */
  private last: number[] = [];
  private parts: Parts = {};
  private draws: TracedDraw[] = [];
  private listening = true;
  private arrival: Pick<TraceEvent, 'lost' | 'nth'> = {};

  constructor(about: About, strategy: Strategy, sink: Sink) {
    this.about = about;
    this.sink = sink;
    this.strategy = watchDraws(strategy, (draw) => {
      // A fork of the world asks the same strategy, but between events.
      if (this.listening) this.draws.push(draw);
    });
  }

  /** Writes the beginning of the trace; call it between the world's making and its first event. */
  begin(world: World): void {
    assert(world.eventIndex === -1, 'a recording begins with its run');
    this.world = world;
    this.listening = false;
    this.mirrors = world.nodes.map((node) => new Mirror(node));
    this.last = Array.from({ length: world.actors + 1 }, () => -1);
    const { file, text, engine, mutants } = this.about;
    const header: TraceHeader = {
      format: formatVersion,
      engine,
      scenario: { file: file.replace(/^.*[/\\]/, ''), text, hash: textHash(text) },
      seed: world.config.seed,
      protocol: world.protocol.name,
      mutants: [...mutants],
      strategy: this.strategy.name,
      order: this.strategy.order,
      nodes: [...world.nodeIds],
      clients: world.clients.map(({ id }) => id),
    };
    const { sends, logs } = this.parts;
    this.parts = {};
    const start: TraceStart = {
      ...(sends === undefined ? {} : { sends }),
      ...(logs === undefined ? {} : { logs }),
      ...this.takeDraws(),
    };
    this.writer = new TraceWriter(this.sink, header, start, this.snapshot());
  }

  beforeEvent(event: PendingEvent): void {
    const { world } = this;
    this.listening = true;
    const isLost = event.actor >= 0 && world.nodes[event.actor]?.status === 'down';
    const nth = countOlderTwins(world, event);
    this.arrival = { ...(nth > 0 ? { nth } : {}), ...(isLost ? { lost: true } : {}) };
  }

  onSend(send: SendRecord): void {
    this.digest.onSend(send);
    (this.parts.sends ??= []).push(sendOf(send));
  }

  onLog(node: number, event: LogEvent): void {
    (this.parts.logs ??= []).push({ node, event: own(event) as never });
  }

  onFault(done: FaultAction): void {
    this.digest.onFault(done);
    this.parts.fault = own(done) as FaultAction;
  }

  onOutcome(client: number, sequence: number, completion: Completion): void {
    const outcome = { client, sequence, completion: own(completion) as Completion };
    (this.parts.outcomes ??= []).push(outcome);
  }

  afterEvent(view: WorldView, record: EventRecord): void {
    const { world, writer, parts } = this;
    assert(view === world && writer !== null, 'a recording was begun with its world');
    this.digest.afterEvent(view, record);
    this.listening = false;
    const { index, at, event } = record;
    const stem = eventStem(world, event);
    const words = eventLabel(world, event).slice(stem.length + 1);
    const { violation } = world;
    const traced: TraceEvent = {
      index,
      at,
      kind: kindNames[event.kind] as string,
      actor: event.actor,
      ...(event.from >= 0 ? { from: event.from } : {}),
      stem,
      ...(words === '' ? {} : { words }),
      ...(event.payload === null ? {} : { content: contentHash(event.payload) >>> 0 }),
      ...this.arrival,
      ...(event.cause >= 0 ? { cause: event.cause } : {}),
      ...this.previous(event),
      ...(event.payload === null ? {} : { payload: own(event.payload) }),
      ...present(parts),
      ...this.changes(event, index),
      ...this.invoked(event),
      ...this.takeDraws(),
      ...(violation === null ? {} : { violation: own(violation) as never }),
    };
    this.parts = {};
    if (writer.event(traced)) writer.snapshot(this.snapshot());
  }

  /** Ends the file; returns the rolling hash. `verdicts`: the world's invariants', and others'. */
  finish(reason: EndReason, verdicts: readonly Verdict[] = verdictsOf(this.world)): string {
    const { world, writer } = this;
    assert(writer !== null, 'a recording ends after it began');
    const { events, sent, dropped, byKind } = world.counters;
    const footer: TraceFooter = {
      reason,
      violation: own(world.violation) as never,
      verdicts: [...verdicts],
      counters: {
        events,
        virtualUs: world.now,
        sent,
        dropped,
        byKind: Object.fromEntries(kindNames.map((kind, i) => [kind, byKind[i] as number])),
      },
      hash: this.digest.value,
    };
    writer.end(footer);
    return footer.hash;
  }

  private snapshot(): Snapshot {
    return { index: this.world.eventIndex, nodes: this.mirrors.map(({ node }) => node) };
  }

  /** The event before at the same actor; a fault also comes before what its nodes do next. */
  private previous({ actor }: PendingEvent): Pick<TraceEvent, 'previous'> {
    const at = actor < 0 ? this.last.length - 1 : actor;
    const previous = this.last[at] as number;
    this.last[at] = this.world.eventIndex;
    return previous < 0 ? {} : { previous };
  }

  /** Only the node it happened to can have changed; after a fault, any. */
  private changes({ actor, kind }: PendingEvent, index: number): Pick<TraceEvent, 'changes'> {
    const changes: Change[] = [];
    const isFault = kind === EventKind.fault;
    const to = isFault ? this.mirrors.length : Math.min(actor + 1, this.mirrors.length);
    for (let node = isFault ? 0 : actor; node < to; node++) {
      const change = this.mirrors[node]?.update(this.world.nodes[node] as NodeView);
      if (change === null || change === undefined) continue;
      changes.push({ node, ...change });
      this.last[node] = index;
    }
    return changes.length === 0 ? {} : { changes };
  }

  private invoked({ actor, kind }: PendingEvent): Pick<TraceEvent, 'invoked'> {
    if (kind !== EventKind.invoke) return {};
    const open = this.world.clients[actor - this.world.nodes.length]?.open ?? null;
    if (open === null) return {};
    return { invoked: { sequence: open.sequence, command: own(open.command) as Command } };
  }

  private takeDraws(): Pick<TraceEvent, 'draws'> {
    const { draws } = this;
    if (draws.length === 0) return {};
    this.draws = [];
    return { draws };
  }
}

/** What happened during one event, as far as anything did. */
interface Parts {
  fault?: FaultAction;
  sends?: TracedSend[];
  logs?: NonNullable<TraceEvent['logs']>;
  outcomes?: NonNullable<TraceEvent['outcomes']>;
}

/** How a world's invariants stand at its end. */
export function verdictsOf({ config, violation }: World): Verdict[] {
  const verdicts: Verdict[] = config.invariants.map(({ id }) => ({
    id,
    outcome: violation?.invariant === id ? 'violated' : 'holds',
  }));
  if (violation === null || verdicts.some(({ id }) => id === violation.invariant)) return verdicts;
  // Such as a handler that threw.
  return [...verdicts, { id: violation.invariant, outcome: 'violated' }];
}

/** Its parts in the one order in which a trace has them. */
function present({ fault, sends, logs, outcomes }: Parts): Parts {
  return {
    ...(fault === undefined ? {} : { fault }),
    ...(sends === undefined ? {} : { sends }),
    ...(logs === undefined ? {} : { logs }),
    ...(outcomes === undefined ? {} : { outcomes }),
  };
}
