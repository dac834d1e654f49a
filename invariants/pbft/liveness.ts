/** Bounded liveness: once faults are over, what waits is executed before long. */
import { mix, mixNumber } from '../../sim/engine/hash.ts';
import type { Fact, Finding, Invariant, Monitor } from '../../sim/engine/monitor.ts';
import type { WorldView } from '../../sim/engine/view.ts';
import type { PbftOptions } from '../../protocols/pbft/options.ts';
import type { PbftState } from '../../protocols/pbft/state.ts';
import { nameOf, pbftState, quorumOf } from './replicas.ts';

/** f + 1 faulty primaries in a row, each with twice the time of the one before, take less. */
const defaultTimeouts = 40;

/**
 * The property with another bound, in (initial) view-change timeouts; to these come four times the
 * longest timeout that earlier view changes have left behind. It presupposes events in the order
 * of virtual time, and a quorum of correct replicas that are up.
 */
export function livenessWithin(timeouts: number): Invariant {
  return {
    id: 'pbft/liveness',
    title: `while requests wait, one is executed within ${timeouts} timeouts of the last fault`,
    source: 'Castro and Liskov 1999, §3 and §4.5.2',
    correctOnly: true,
    create: () => new LivenessMonitor(timeouts),
  };
}

export const liveness = livenessWithin(defaultTimeouts);

class LivenessMonitor implements Monitor {
  /** Whether this run, since its last fault, has put the property to the test. */
  judged = false;
  private readonly timeouts: number;
  /** Microseconds: since when something waits, and nothing is executed; -1: not so. */
  private since = -1;
  private deadline = 0;
  private lastFaultAt = -1;
  private executed = 0;
  /** Replicas at which something waits, as they were last seen. */
  private waiting: ReadonlySet<number> = new Set();

  constructor(timeouts: number) {
    this.timeouts = timeouts;
  }

  /** O(1), but once in a while: what one replica shows is enough to go on. */
  afterEvent(world: WorldView, node: number): Finding | null {
    if (world.lastFaultAt !== this.lastFaultAt || world.faultsPending > 0) {
      this.lastFaultAt = world.lastFaultAt;
      this.judged = false;
      this.since = -1;
    }
    const state = pbftState(world, node);
    this.note(node, state !== null && state.waiting.length > 0);
    const executed = state?.lastExecuted ?? 0;
    if (executed > this.executed) {
      this.executed = executed;
      this.judged = world.faultsPending === 0;
      this.since = -1;
    }
    if (world.faultsPending > 0) return null;
    if (this.waiting.size === 0) this.since = -1;
    else if (this.since < 0) this.begin(world, world.now);
    return this.judge(world);
  }

  atEnd(world: WorldView): Finding | null {
    return this.judge(world);
  }

  fork(): Monitor {
    const copy = new LivenessMonitor(this.timeouts);
    copy.judged = this.judged;
    copy.since = this.since;
    copy.lastFaultAt = this.lastFaultAt;
    copy.deadline = this.deadline;
    copy.executed = this.executed;
    copy.waiting = this.waiting;
    return copy;
  }

  hash(): number {
    return this.since < 0 ? 0 : mix(mixNumber(1, this.deadline), this.executed);
  }

  /** The set is replaced, never changed: forks share it. */
  private note(node: number, isWaiting: boolean): void {
    if (this.waiting.has(node) === isWaiting) return;
    const waiting = new Set(this.waiting);
    if (isWaiting) waiting.add(node);
    else waiting.delete(node);
    this.waiting = waiting;
  }

  private begin(world: WorldView, since: number): void {
    const { viewChangeMs } = world.options as PbftOptions;
    const failures = statesOf(world).map((state) => state.failures);
    const longest = viewChangeMs << Math.min(12, Math.max(0, ...failures));
    this.since = since;
    this.deadline = since + (this.timeouts * viewChangeMs + 4 * longest) * 1000;
  }

  private judge(world: WorldView): Finding | null {
    if (this.since < 0 || world.now <= this.deadline) return null;
    const withinMs = (this.deadline - this.since) / 1000;
    this.since = -1;
    // A replica that has crashed since waits for nothing; without a quorum nothing is promised.
    const states = statesOf(world);
    if (states.length < quorumOf(world)) return null;
    if (!states.some(({ waiting }) => waiting.length > 0)) return null;
    return {
      message: `requests wait, and nothing was executed within ${withinMs} ms`,
      facts: world.correctNodes.map(({ index }) => describe(world, index)),
    };
  }
}

/** The correct replicas that are up. */
function statesOf(world: WorldView): PbftState[] {
  return world.correctNodes.flatMap(({ index, status }) => {
    const state = status === 'up' ? pbftState(world, index) : null;
    return state === null ? [] : [state];
  });
}

function describe(world: WorldView, node: number): Fact {
  const name = nameOf(world, node);
  const state = pbftState(world, node);
  if (state === null) return { text: `${name} is down`, node: name };
  const { view, isActive, lastExecuted, waiting } = state;
  const where = isActive ? `is in view ${view}` : `waits for view ${view}`;
  const text = `${name} ${where}, has executed ${lastExecuted}, ${waiting.length} requests wait`;
  return { text, node: name, event: world.eventIndex };
}
