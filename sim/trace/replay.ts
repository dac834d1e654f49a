/** Runs a trace again, event by event, and finds the first that is not what the trace says. */
import { eventLabel, type FaultAction, type Observer, type World } from '../engine/index.ts';
import type { SendRecord, Strategy, Violation } from '../engine/index.ts';
import { describeDifferences, differences } from './difference.ts';
import { Digest } from './digest.ts';
import { ReplayStrategy } from './draws.ts';
import { findExact } from './find.ts';
import { labelOf, type Trace, type TracedNode, type TracedSend } from './format.ts';
import type { TraceEvent } from './format.ts';
import { own, same } from './own.ts';
import { rollEvent, Rolling, rollSends } from './rolling.ts';
import { sendOf } from './send.ts';
import { stateAt } from './state.ts';
import { milliseconds, sendText } from './text.ts';

/**
 * Makes the world of a trace's scenario, with its seed and mutants, before its first event. The
 * strategy is the replay's own: no other may draw.
 */
export type MakeWorld = (strategy: Strategy, observer: Observer) => World;

/** Where a replay was no longer the run of the trace. */
export interface Divergence {
  /** The first event that differs; -1: the beginning; the number of events: the end of the run. */
  readonly index: number;
  /** A sentence that names both sides. */
  readonly message: string;
  /** Labels; null where the run or the trace has no event. */
  readonly expected: string | null;
  readonly actual: string | null;
}

export interface ReplayReport {
  /** Events that were the same. */
  readonly events: number;
  /** The rolling hash after them, 16 hexadecimal digits. */
  readonly hash: string;
  readonly violation: Violation | null;
  /** Null: the run was the same in everything the trace says. */
  readonly divergence: Divergence | null;
}

/**
 * Performs the events of a trace by their names in a new world, and compares each one's time, what
 * it sent and what faults did with the trace, and all states at every snapshot and at the end.
 */
export function replayTrace(trace: Trace, makeWorld: MakeWorld): ReplayReport {
  const watch = new Watch();
  const strategy = new ReplayStrategy(trace.header.order);
  strategy.load(trace.start.draws);
  const world = makeWorld(strategy, watch);
  const divergence = follow(trace, world, strategy, watch);
  return {
    events: divergence === null ? trace.events.length : Math.max(0, divergence.index),
    hash: watch.value,
    violation: world.violation,
    divergence,
  };
}

/** A digest that also remembers what the last event sent and did. */
class Watch extends Digest {
  sends: SendRecord[] = [];
  fault: FaultAction | null = null;

  beforeEvent(): void {
    this.sends = [];
    this.fault = null;
  }

  override onSend(send: SendRecord): void {
    super.onSend(send);
    this.sends.push(send);
  }

  override onFault(done: FaultAction): void {
    super.onFault(done);
    this.fault = done;
  }
}

function follow(
  trace: Trace,
  world: World,
  strategy: ReplayStrategy,
  watch: Watch,
): Divergence | null {
  const { events, header, snapshots, start } = trace;
  const names = [...world.nodeIds, ...world.clients.map(({ id }) => id)];
  if (names.join() !== [...header.nodes, ...header.clients].join()) {
    return differs(-1, `the trace has ${header.nodes.join(' ')}, the world ${names.join(' ')}`);
  }
  const rolling = new Rolling();
  rollSends(rolling, start.sends);
  if (rolling.value !== watch.value) {
    return differs(-1, `at their start nodes ${compareSends(trace, start.sends, watch)}`);
  }
  let unchecked = 0;
  for (const snapshot of snapshots) {
    const to = snapshot.index + 1;
    const found = perform(events.slice(unchecked, to), trace, rolling, world, strategy, watch);
    if (found !== null) return found;
    const differing = compareStates(snapshot.nodes, world, unchecked, snapshot.index);
    if (differing !== null) return differing;
    unchecked = to;
  }
  const found = perform(events.slice(unchecked), trace, rolling, world, strategy, watch);
  if (found !== null) return found;
  const last = events.length - 1;
  return compareStates(stateAt(trace, last), world, unchecked, last) ?? compareEnd(trace, world);
}

function perform(
  events: readonly TraceEvent[],
  trace: Trace,
  rolling: Rolling,
  world: World,
  strategy: ReplayStrategy,
  watch: Watch,
): Divergence | null {
  for (const event of events) {
    const found = step(event, world, strategy);
    if (found !== null) return found;
    rollEvent(rolling, event);
    if (rolling.value !== watch.value) return compareEvent(event, trace, world, watch);
  }
  return null;
}

/** Lets the trace's next event happen, if it can. */
function step(event: TraceEvent, world: World, strategy: ReplayStrategy): Divergence | null {
  const expected = labelOf(event);
  if (world.violation !== null) {
    const { invariant, message } = world.violation;
    const text = `the run ends with ${invariant} violated (${message})`;
    return differs(event.index, `${text}, the trace goes on with ${expected}`, expected);
  }
  // Also clears away stale timers, as the run did.
  const next = world.next();
  strategy.load(event.draws);
  let pending = findExact(world, event);
  if (pending === null && event.kind === 'fault') {
    // A script or a search had made it: the scenario alone does not bring it about.
    const at = Math.max(world.now, event.at);
    pending = world.scheduleFault(at, event.payload as FaultAction);
  }
  if (pending === null) {
    const actual = next === null ? null : eventLabel(world, next);
    const instead = actual === null ? 'nothing is pending' : `next would be ${actual}`;
    const message = `the trace has ${expected}, which cannot happen here; ${instead}`;
    return differs(event.index, message, expected, actual);
  }
  world.perform(pending);
  return null;
}

/** Says in what an event differs whose hash does. */
function compareEvent(event: TraceEvent, trace: Trace, world: World, watch: Watch): Divergence {
  const label = labelOf(event);
  if (world.now !== event.at) {
    const message = `${label} happens at ${milliseconds(world.now)}`;
    return differs(event.index, `${message}, in the trace at ${milliseconds(event.at)}`, label);
  }
  const fault = own(watch.fault);
  if (!same(fault, event.fault ?? null)) {
    const list = describeDifferences(differences(event.fault ?? null, fault), 'trace', 'run');
    return differs(event.index, `${label} does something else: ${list.join('; ')}`, label);
  }
  return differs(event.index, `${label} ${compareSends(trace, event.sends, watch)}`, label);
}

function compareSends(
  { header }: Trace,
  expected: readonly TracedSend[] = [],
  { sends }: Watch,
): string {
  const actual = sends.map(sendOf);
  const at = actual.findIndex((send, i) => !same(send, expected[i]));
  const place = at < 0 ? actual.length : at;
  const [run, before] = [actual[place], expected[place]].map((send) =>
    send === undefined ? 'nothing more' : sendText(header, send),
  );
  return `sends ${run}, in the trace ${before}`;
}

/** All states; what differs came about somewhere in [from, to]. */
function compareStates(
  expected: readonly TracedNode[],
  world: World,
  from: number,
  to: number,
): Divergence | null {
  for (const { id, index, status, incarnation, state } of world.nodes) {
    const actual = { status, incarnation, state: own(state) };
    if (same(expected[index], actual)) continue;
    const list = describeDifferences(differences(expected[index], actual), 'trace', 'run');
    const when = to < from ? 'at the beginning' : `after events ${from} to ${to}`;
    return differs(Math.min(from, to), `the state of ${id} differs ${when}: ${list.join('; ')}`);
  }
  return null;
}

/** A run that came to its end also asks the monitors that speak there. */
function compareEnd({ events, footer }: Trace, world: World): Divergence | null {
  if (footer === null) return null;
  const inEvent = events.at(-1)?.violation !== undefined;
  const spoke = footer.reason === 'time' || footer.reason === 'quiet';
  if (!inEvent && (spoke || footer.violation !== null)) {
    world.now = footer.counters.virtualUs;
    world.finish();
  }
  const actual = own(world.violation);
  if (same(actual, footer.violation)) return null;
  const list = describeDifferences(differences(footer.violation, actual), 'trace', 'run');
  return differs(events.length, `the verdict differs: ${list.join('; ')}`);
}

function differs(
  index: number,
  message: string,
  expected: string | null = null,
  actual: string | null = null,
): Divergence {
  return { index, message, expected, actual };
}
