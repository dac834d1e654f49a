/** Runs a prepared scenario: its script, then freely; recorded or not, watched or not. */
import { run, runPrefix, timed, World } from '../engine/index.ts';
import type { EndReason, EventRecord, FaultAction, LogEvent, Observer } from '../engine/index.ts';
import type { Completion, PendingEvent, PrefixFailure, SendRecord } from '../engine/index.ts';
import type { Strategy, Violation, WorldView } from '../engine/index.ts';
import type { Prepared } from '../scenario/index.ts';
import { Digest } from './digest.ts';
import { ReplayStrategy } from './draws.ts';
import { followSteps, stepOf, type Followed } from './follow.ts';
import type { Trace, Verdict } from './format.ts';
import { Recorder, verdictsOf, type About } from './recorder.ts';
import { replayTrace, type ReplayReport } from './replay.ts';
import type { Sink } from './write.ts';

/** An observer that also wants to see the world before its first event. */
export interface RunObserver extends Observer {
  begin?(world: World): void;
}

export interface RunOptions {
  /** Left out: `timed`, an ordinary seeded simulation. */
  readonly strategy?: Strategy;
  readonly observers?: readonly RunObserver[];
  /** Where the trace goes, part by part; left out: none is made. */
  readonly record?: { readonly about: About; readonly sink: Sink };
  /** Asked now and then; when true the run ends early. */
  readonly interrupted?: () => boolean;
}

export interface ScenarioRun {
  readonly world: World;
  readonly reason: EndReason;
  readonly violation: Violation | null;
  readonly verdicts: readonly Verdict[];
  /** Events, those of the script included. */
  readonly events: number;
  readonly virtualUs: number;
  /** The rolling hash over all events: 16 hexadecimal digits, the same with and without a trace. */
  readonly hash: string;
  /** The step of the script that could not be performed; then the run ended there. */
  readonly script: PrefixFailure | null;
}

/** Runs to the end. A prepared scenario serves one run: its workload remembers. */
export function runScenario(prepared: Prepared, options: RunOptions = {}): ScenarioRun {
  const slices = runInSlices(prepared, options, Infinity);
  for (;;) {
    const { done, value } = slices.next();
    if (done === true) return value;
  }
}

/**
 * The same, but it pauses after each step of the script and after every so many events, so that a
 * caller can look at its event loop or paint a bar; yields the world as it is then. The strategy's
 * `begin` and `end` are called once a slice: more than one slice is for strategies without them.
 */
export function* runInSlices(
  prepared: Prepared,
  options: RunOptions,
  sliceEvents: number,
): Generator<World, ScenarioRun, void> {
  const { strategy = timed, observers = [], record, interrupted = () => false } = options;
  const recorder = record === undefined ? null : new Recorder(record.about, strategy, record.sink);
  const digest = recorder === null ? new Digest() : null;
  const watching = [...observers, ...[recorder ?? digest].filter((one) => one !== null)];
  const world = new World(prepared.world, recorder?.strategy ?? strategy, everyone(watching));
  recorder?.begin(world);
  for (const observer of observers) observer.begin?.(world);

  const script = yield* perform(prepared, world, interrupted);
  const reason =
    script !== null ? 'interrupted' : yield* continued(prepared, world, interrupted, sliceEvents);
  const verdicts = settle(world, reason);
  const { events } = world.counters;
  const hash = recorder?.finish(reason, verdicts) ?? (digest as Digest).value;
  const { violation, now: virtualUs } = world;
  return { world, reason, violation, verdicts, events, virtualUs, hash, script };
}

/** Strict replay of a trace in the world of its scenario. */
export function replayPrepared(trace: Trace, prepared: Prepared): ReplayReport {
  return replayTrace(trace, (strategy, observer) => new World(prepared.world, strategy, observer));
}

/** Lenient replay: follows the names of a trace's events as far as they exist in this world. */
export function followPrepared(
  { header, start, events }: Trace,
  prepared: Prepared,
): { readonly world: World; readonly followed: Followed } {
  const strategy = new ReplayStrategy(header.order);
  // A draw's key names it in the whole run, so all may be known from the beginning.
  strategy.load([...(start.draws ?? []), ...events.flatMap(({ draws }) => draws ?? [])]);
  const world = new World(prepared.world, strategy);
  return { world, followed: followSteps(world, events.map(stepOf)) };
}

/** The script, one step at a time. */
function* perform(
  { prefix }: Prepared,
  world: World,
  interrupted: () => boolean,
): Generator<World, PrefixFailure | null, void> {
  for (let step = 0; step < prefix.length && world.violation === null; step++) {
    if (interrupted()) return null;
    const failure = runPrefix(world, prefix.slice(step, step + 1));
    if (failure !== null) return { ...failure, step };
    yield world;
  }
  return null;
}

function* continued(
  { continues, limits }: Prepared,
  world: World,
  interrupted: () => boolean,
  sliceEvents: number,
): Generator<World, EndReason, void> {
  if (world.violation !== null) return 'violation';
  if (interrupted()) return 'interrupted';
  if (!continues) return world.finish() === null ? 'quiet' : 'violation';
  const last = world.counters.events + limits.maxEvents;
  for (;;) {
    const left = last - world.counters.events;
    const maxEvents = Math.min(left, sliceEvents);
    const { reason } = run(world, { ...limits, maxEvents, interrupted });
    if (reason !== 'events' || maxEvents === left) return reason;
    yield world;
  }
}

/** What a run has not put to the test is unknown, and of an interrupted one all is. */
function settle(world: World, reason: EndReason): Verdict[] {
  const open = new Set(world.unjudged);
  return verdictsOf(world).map((verdict): Verdict => {
    const isOpen = reason === 'interrupted' || open.has(verdict.id);
    return isOpen && verdict.outcome === 'holds' ? { ...verdict, outcome: 'unknown' } : verdict;
  });
}

/** One observer that passes everything on. */
function everyone(all: readonly Observer[]): Observer {
  const [only] = all;
  if (only !== undefined && all.length === 1) return only;
  return {
    beforeEvent(event: PendingEvent) {
      for (const one of all) one.beforeEvent?.(event);
    },
    afterEvent(world: WorldView, record: EventRecord) {
      for (const one of all) one.afterEvent(world, record);
    },
    onSend(send: SendRecord) {
      for (const one of all) one.onSend?.(send);
    },
    onLog(node: number, event: LogEvent) {
      for (const one of all) one.onLog?.(node, event);
    },
    onFault(done: FaultAction) {
      for (const one of all) one.onFault?.(done);
    },
    onOutcome(client: number, sequence: number, completion: Completion) {
      for (const one of all) one.onOutcome?.(client, sequence, completion);
    },
  };
}
