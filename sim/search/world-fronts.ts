/**
 * Fronts: all of a world except what is on its way, that is nodes, disks, timers and monitors. Most
 * states of an exploration differ in their messages only, so each event of a front is executed once
 * by the engine and remembered.
 */
import { assert } from '../engine/assert.ts';
import type { WorldConfig } from '../engine/config.ts';
import { EventQueue } from '../engine/event-queue.ts';
import { EventKind, type FaultAction, type PendingEvent } from '../engine/event.ts';
import { finish, mix } from '../engine/hash.ts';
import { forkWatchers, type Violation, type Watcher } from '../engine/monitor.ts';
import { timerId, type NodeRuntime, type TimerRecord } from '../engine/node.ts';
import type { Request } from '../engine/protocol.ts';
import { isTimer, Schedule } from '../engine/schedule.ts';
import type { Strategy } from '../engine/strategy.ts';
import { World } from '../engine/world.ts';
import { Parts, type MessagePart, type NodePart } from './world-parts.ts';

export interface Front {
  readonly id: number;
  readonly runtimes: readonly NodeRuntime[];
  readonly nodes: readonly NodePart[];
  readonly watchers: readonly Watcher[];
  readonly violation: Violation | null;
  /** The highest of its nodes. */
  readonly epoch: number;
  /** What each event leads to, as far as it has been executed. */
  readonly outcomes: Map<number, Outcome>;
  /** By renaming; see `Fronts.low`. */
  readonly lows: (number | undefined)[];
  readonly highs: (number | undefined)[];
}

export interface Outcome {
  readonly front: Front;
  /** The ids of the messages that were sent, in ascending order. */
  readonly sent: readonly number[];
}

/** Time stands still at zero and every draw is the least: what is explored is order and faults. */
const stillness: Strategy = {
  name: 'exhaustive',
  order: 'untimed',
  begin() {},
  choose: () => 0,
  draw: () => 0,
};

const MONITOR_SEEDS = [0x3c6ef372, 0x1f83d9ab] as const;

export class Fronts {
  readonly all: Front[] = [];
  readonly start: Outcome;
  readonly world: World;
  readonly parts: Parts;
  private readonly byKey = new Map<string, Front>();

  constructor(config: WorldConfig, symmetric: boolean) {
    const { network } = config;
    const calm = { ...network, lossPpm: 0, duplicatePpm: 0 };
    // Parts share what they hold, so nobody may change a message.
    this.world = new World({ ...config, network: calm, careful: true }, stillness);
    this.parts = new Parts(this.world.nodeIds, symmetric);
    this.start = this.outcome([]);
  }

  deliver(front: Front, { kind, to, from, payload }: MessagePart): Outcome {
    return this.execute(front, (world) => {
      own(world, to);
      world.perform(world.schedule.add(kind, 0, to, from, payload, '', '', -1));
    });
  }

  fire(front: Front, node: number, timer: string): Outcome {
    return this.execute(front, (world) => {
      const { timers } = own(world, node);
      const { name, key } = timers.get(timer) as TimerRecord;
      world.schedule.arm(EventKind.timer, timers, node, name, key, 0, -1);
      const event = world.schedule.peek();
      assert(event !== null, 'a timer that was armed is pending');
      world.perform(event);
    });
  }

  sync(front: Front, node: number): Outcome {
    return this.execute(front, (world) => {
      own(world, node);
      world.perform(world.schedule.add(EventKind.disk, 0, node, -1, null, '', '', -1));
    });
  }

  request(front: Front, node: number, request: Request): Outcome {
    return this.execute(front, (world) => {
      own(world, node);
      world.perform(world.schedule.add(EventKind.request, 0, node, -1, request, '', '', -1));
    });
  }

  fault(front: Front, node: number, action: FaultAction): Outcome {
    return this.execute(front, (world) => {
      own(world, node);
      world.perform(world.scheduleFault(0, action));
    });
  }

  /** One lane of a front's share in a fingerprint, under a renaming of nodes. */
  low(front: Front, renaming: number): number {
    return (front.lows[renaming] ??= this.sum(front, renaming, 0));
  }

  high(front: Front, renaming: number): number {
    return (front.highs[renaming] ??= this.sum(front, renaming, 1));
  }

  /** Lets something happen in the world that the front stands for. */
  private execute(front: Front, happen: (world: World) => void): Outcome {
    const { world } = this;
    world.token = {};
    world.nodes = front.runtimes.slice();
    world.watchers = forkWatchers(front.watchers);
    world.schedule = new Schedule(new EventQueue(8));
    world.now = 0;
    world.lastFaultAt = 0;
    world.violation = front.violation;
    happen(world);
    return this.outcome(front.nodes);
  }

  /** What the world is now, as a front and as messages. `before`: parts of nodes as they were. */
  private outcome(before: readonly NodePart[]): Outcome {
    const { world, parts } = this;
    const sent: number[] = [];
    world.schedule.each((event: PendingEvent) => {
      // Timers and syncs are to be seen at the nodes.
      if (isTimer(event) || event.kind === EventKind.disk) return;
      const { kind, actor, from, payload } = event;
      sent.push(parts.message(kind, actor, from, payload).id);
    });
    sent.sort((a, b) => a - b);
    const runtimes = world.nodes;
    const nodes = runtimes.map((runtime, i) => {
      const part = before[i];
      return part !== undefined && runtime.owner !== world.token ? part : parts.node(runtime);
    });
    return { front: this.intern(runtimes, nodes), sent };
  }

  private intern(runtimes: readonly NodeRuntime[], nodes: readonly NodePart[]): Front {
    const { watchers, violation } = this.world;
    const remembered = watchers.map(({ monitor }) => monitor.hash?.() ?? 0);
    const ids = nodes.map(({ id }) => id);
    const key = `${ids.join()};${remembered.join()};${violation?.invariant ?? ''}`;
    let front = this.byKey.get(key);
    if (front === undefined) {
      const outcomes = new Map<number, Outcome>();
      const id = this.all.length;
      const epoch = Math.max(...runtimes.map((runtime) => this.epochOf(runtime)));
      front = { id, runtimes, nodes, watchers, violation, epoch, outcomes, lows: [], highs: [] };
      this.all.push(front);
      this.byKey.set(key, front);
    }
    return front;
  }

  private epochOf({ state }: NodeRuntime): number {
    return state === null ? 0 : this.world.protocol.observe(state).epoch;
  }

  private sum({ nodes, watchers, violation }: Front, renaming: number, lane: 0 | 1): number {
    const { parts } = this;
    const place = (node: number) => parts.place(node, renaming);
    let h: number = MONITOR_SEEDS[lane];
    for (const { monitor } of watchers) h = mix(h, monitor.hash?.(place) ?? 0);
    let sum = finish(mix(h, violation === null ? 0 : 1));
    for (const part of nodes) {
      sum =
        (sum + (lane === 0 ? parts.nodeLow(part, renaming) : parts.nodeHigh(part, renaming))) | 0;
    }
    return sum;
  }
}

/** The node, ready to act; its timers are in no queue, for the world's is new. */
function own(world: World, index: number): NodeRuntime {
  const node = world.own(index);
  for (const timer of node.timers.values()) {
    timer.slot = -1;
    timer.deadline = 0;
  }
  return node;
}

/** The timers that could fire and whether a sync could complete, for a node that is up. */
export function armedTimers({ runtime }: NodePart): readonly string[] {
  const armed: string[] = [];
  for (const { armed: isArmed, name, key } of runtime.timers.values()) {
    if (isArmed) armed.push(timerId(name, key));
  }
  return armed.sort((a, b) => (a < b ? -1 : 1));
}
