/**
 * The running parts of a world: nodes and clients, each copied on its first change after a fork.
 */
import { clone } from './clone.ts';
import { Clock } from './clock.ts';
import { Disk } from './disk.ts';
import type { NodeId, Plain, Request } from './protocol.ts';
import { forkTwin, type Twin } from './twin.ts';
import type { NodeStatus, NodeView } from './view.ts';

/** A timer that was set once; `slot` is where its pending event lies, or -1. */
export interface TimerRecord {
  readonly name: string;
  readonly key: string;
  armed: boolean;
  /** When it fires, in microseconds. */
  deadline: number;
  /** When the queue will look at it: at or before the deadline. */
  queuedAt: number;
  slot: number;
  /** The event that set it. */
  cause: number;
}

export type Timers = Map<string, TimerRecord>;

export class NodeRuntime implements NodeView {
  readonly id: NodeId;
  readonly index: number;
  status: NodeStatus = 'down';
  state: object | null = null;
  incarnation = -1;
  timers: Timers = new Map();
  clock = new Clock();
  disk = new Disk();
  /** Slots of events that came due while the node was paused, in order. */
  held: number[] = [];
  /** The other instance with this identity, while it rests; see twin.ts. */
  twin: Twin | null = null;
  /** The world that may change this object; others must copy it first. */
  owner: object;
  /** The two lanes of the state's hash, while `hashed`; see fingerprint.ts. */
  hashes: readonly [number, number] | null = null;

  constructor(id: NodeId, index: number, owner: object) {
    this.id = id;
    this.index = index;
    this.owner = owner;
  }

  get durable(): object | null {
    return this.disk.durable;
  }

  fork(owner: object): NodeRuntime {
    const copy = new NodeRuntime(this.id, this.index, owner);
    copy.status = this.status;
    copy.state = clone(this.state);
    copy.incarnation = this.incarnation;
    copy.timers = forkTimers(this.timers);
    copy.clock = this.clock.fork();
    copy.disk = this.disk.fork();
    copy.held = this.held.slice();
    copy.twin = this.twin === null ? null : forkTwin(this.twin);
    copy.hashes = this.hashes;
    return copy;
  }
}

export class ClientRuntime {
  readonly id: string;
  readonly index: number;
  state: Plain = null;
  timers: Timers = new Map();
  sequence = 0;
  open: Request | null = null;
  owner: object;

  constructor(id: string, index: number, owner: object) {
    this.id = id;
    this.index = index;
    this.owner = owner;
  }

  fork(owner: object): ClientRuntime {
    const copy = new ClientRuntime(this.id, this.index, owner);
    copy.state = clone(this.state);
    copy.timers = forkTimers(this.timers);
    copy.sequence = this.sequence;
    copy.open = this.open;
    return copy;
  }
}

function forkTimers(timers: Timers): Timers {
  const copy: Timers = new Map();
  for (const [name, record] of timers) copy.set(name, { ...record });
  return copy;
}

/** The name under which a timer is kept: its own, with the key if it has one. */
export function timerId(name: string, key: string): string {
  return key === '' ? name : `${name}/${key}`;
}

/** The timer will not fire; what the queue still has of it is cleared away when it comes due. */
export function disarm(timers: Timers, name: string, key: string): void {
  const timer = timers.get(timerId(name, key));
  if (timer !== undefined) timer.armed = false;
}
