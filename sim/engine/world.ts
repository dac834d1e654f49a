/**
 * A cluster at one moment: nodes, clients, network, disks, pending events, monitors. It says what
 * may happen next, lets it happen, copies itself and hashes itself; it decides nothing.
 */
import type { Adversary } from './adversary.ts';
import { assert, AssertionError } from './assert.ts';
import { ClientActions } from './client-effects.ts';
import { forkClients, type ClientsConfig } from './clients.ts';
import type { Counters, Director, WorldConfig } from './config.ts';
import { dispatch, threwOn } from './dispatch.ts';
import { createStreams, Draws } from './draws.ts';
import { NodeActions } from './effects.ts';
import { clientName, EventKind, nodeName } from './event.ts';
import type { FaultAction, Payload, PendingEvent } from './event.ts';
import { startClients, startNode } from './lifecycle.ts';
import { createWatchers, forkWatchers } from './monitor.ts';
import type { Finding, Violation, Watcher } from './monitor.ts';
import { Network } from './network.ts';
import { NodeRuntime, timerId, type ClientRuntime, type Timers } from './node.ts';
import type { AnyProtocol, LogEvent, NodeId } from './protocol.ts';
import { signatureCheck } from './signatures.ts';
import { isTimer, Schedule } from './schedule.ts';
import type { Strategy } from './strategy.ts';
import { Transport } from './transport.ts';
import type { NodeView, Observer, WorldView } from './view.ts';

export class World implements WorldView {
  readonly config: WorldConfig;
  readonly protocol: AnyProtocol;
  readonly options: unknown;
  readonly nodeIds: readonly NodeId[];
  readonly actorIndex: ReadonlyMap<string, number>;
  now = 0;
  eventIndex = -1;
  nodes: NodeRuntime[];
  clients: ClientRuntime[] = [];
  schedule: Schedule;
  network: Network;
  clientsConfig: ClientsConfig | null;
  director: Director | null;
  /** Null: nobody lies. */
  adversary: Adversary | null = null;
  lastFaultAt = 0;
  observer: Observer | null;
  counters: Counters = { events: 0, sent: 0, dropped: 0, byKind: new Int32Array(8) };
  draws: Draws;
  watchers: readonly Watcher[] = [];
  violation: Violation | null = null;
  /** Identifies this world as the owner of what it may change in place. */
  token: object = {};
  readonly isSigned = signatureCheck(this);
  private readonly nodeActions: NodeActions;
  private readonly clientActions: ClientActions;
  private readonly transport: Transport;

  /** `parent`: see `fork`. */
  constructor(
    config: WorldConfig,
    strategy: Strategy,
    observer: Observer | null = null,
    parent: World | null = null,
  ) {
    this.config = config;
    this.observer = observer;
    this.protocol = config.protocol;
    this.options = config.options;
    this.nodeActions = new NodeActions(this);
    this.clientActions = new ClientActions(this);
    this.transport = new Transport(this);
    if (parent === null) {
      const clients = config.clients?.count ?? 0;
      // Frozen: states that hold it share it.
      this.nodeIds = Object.freeze(Array.from({ length: config.nodes }, (_, i) => nodeName(i)));
      const names = [...this.nodeIds, ...Array.from({ length: clients }, (_, i) => clientName(i))];
      this.actorIndex = new Map(names.map((name, i) => [name, i]));
      this.draws = new Draws(createStreams(config.seed, names.length), strategy);
      this.nodes = this.nodeIds.map((id, i) => new NodeRuntime(id, i, this.token));
      this.schedule = new Schedule();
      this.network = new Network(config.network);
      this.clientsConfig = config.clients;
      this.director = config.director?.fork() ?? null;
      this.begin();
    } else {
      this.nodeIds = parent.nodeIds;
      this.actorIndex = parent.actorIndex;
      this.now = parent.now;
      this.eventIndex = parent.eventIndex;
      this.nodes = parent.nodes.slice();
      this.clients = parent.clients.slice();
      this.schedule = parent.schedule.fork();
      this.network = parent.network.fork();
      this.clientsConfig = forkClients(parent.clientsConfig);
      this.director = parent.director?.fork() ?? null;
      this.adversary = parent.adversary?.fork() ?? null;
      this.lastFaultAt = parent.lastFaultAt;
      this.counters = { ...parent.counters, byKind: parent.counters.byKind.slice() };
      this.draws = parent.draws.fork(strategy);
      this.watchers = forkWatchers(parent.watchers);
      this.violation = parent.violation;
    }
  }

  get faultsPending(): number {
    return this.director?.pending ?? 0;
  }

  isByzantine(node: number): boolean {
    return this.adversary !== null && this.adversary.isByzantine(node);
  }

  get correctNodes(): readonly NodeView[] {
    return this.adversary === null
      ? this.nodes
      : this.nodes.filter(({ index }) => !this.isByzantine(index));
  }

  /** The number of actors: nodes, then clients. */
  get actors(): number {
    return this.actorIndex.size;
  }

  /** The node, ready to be changed: copied first when a fork still shares it. */
  own(index: number): NodeRuntime {
    let node = this.nodes[index] as NodeRuntime;
    if (node.owner !== this.token) {
      node = node.fork(this.token);
      this.nodes[index] = node;
    }
    return node;
  }

  ownClient(index: number): ClientRuntime {
    let client = this.clients[index] as ClientRuntime;
    if (client.owner !== this.token) {
      client = client.fork(this.token);
      this.clients[index] = client;
    }
    return client;
  }

  /** Whether a timer event stands for an armed timer of a node that is not paused. */
  isArmed(event: PendingEvent): boolean {
    const node = this.nodes[event.actor];
    if (node?.status === 'paused') return false;
    const timers = node?.timers ?? this.clients[event.actor - this.nodes.length]?.timers;
    const timer = timers?.get(timerId(event.name, event.key));
    return timer !== undefined && timer.armed && timer.slot === event.slot;
  }

  /** The earliest event, in the order of virtual time, or null. Stale timers are cleared away. */
  next(): PendingEvent | null {
    const { schedule, nodes } = this;
    for (;;) {
      const event = schedule.peek();
      if (event === null) return null;
      if (isTimer(event)) {
        const timer = this.timersOf(event).get(timerId(event.name, event.key));
        if (!schedule.revisit(event, timer)) continue;
      }
      const actor = event.actor;
      if (actor >= 0 && actor < nodes.length && (nodes[actor] as NodeRuntime).status === 'paused') {
        this.own(actor).held.push(schedule.setAside());
        continue;
      }
      return event;
    }
  }

  /** When `next()` would happen, in microseconds; Infinity when nothing is pending. */
  nextTime(): number {
    return this.next() === null ? Infinity : Math.max(this.now, this.schedule.nextTime);
  }

  /** Lets a pending event happen, now or when it is due, whichever is later. */
  perform(pending: PendingEvent): Violation | null {
    assert(this.violation === null, 'a run ends at its first violation');
    const event = this.take(pending);
    if (event.at > this.now) this.now = event.at;
    this.eventIndex++;
    this.counters.events++;
    (this.counters.byKind[event.kind] as number)++;
    this.observer?.beforeEvent?.(event);
    const threw = this.handle(event);
    const isFault = event.kind === EventKind.fault;
    if (threw !== null) this.report('protocol/handlers-do-not-throw', event.actor, threw);
    else if (isFault) for (let i = 0; i < this.nodes.length; i++) this.watch(i);
    else if (event.actor < this.nodes.length) this.watch(event.actor);
    else this.watchClients();
    if (this.violation === null) this.director?.afterEvent(this, event.actor);
    this.observer?.afterEvent(this, { index: this.eventIndex, at: this.now, event });
    return this.violation;
  }

  /** Asks the monitors that speak at the end of a run. */
  finish(): Violation | null {
    for (const { id, monitor } of this.watchers) {
      const finding = monitor.atEnd?.(this) ?? null;
      if (finding !== null) this.report(id, -1, finding);
    }
    return this.violation;
  }

  /** The ids of the invariants that this run has not put to the test so far. */
  get unjudged(): readonly string[] {
    return this.watchers.filter(({ monitor }) => monitor.judged === false).map(({ id }) => id);
  }

  /** An independent copy; draws of the copy are asked of `strategy` when one is given. */
  fork(strategy: Strategy = this.draws.strategy): World {
    const copy = new World(this.config, strategy, null, this);
    // Neither world owns the shared parts any more: both copy before they change.
    this.token = {};
    return copy;
  }

  /** Hands a message to the network. `from` and `to` are actors. */
  transmit(kind: EventKind, from: number, to: number, payload: Payload): void {
    this.transport.transmit(kind, from, to, payload);
  }

  scheduleFault(at: number, action: FaultAction): PendingEvent {
    return this.schedule.add(EventKind.fault, at, -1, -1, action, '', '', this.eventIndex);
  }

  log(node: number, event: LogEvent): void {
    this.observer?.onLog?.(node, event);
  }

  /** Starts a node that is down. */
  start(index: number): void {
    startNode(this, index, this.nodeActions);
  }

  private begin(): void {
    this.adversary = this.config.adversary?.fork() ?? null;
    this.adversary?.begin(this);
    this.director?.begin(this);
    for (let i = 0; i < this.nodes.length; i++) this.start(i);
    startClients(this, this.clientActions);
    this.watchers = createWatchers(this.config.invariants, this);
  }

  /** Removes an event from the schedule, with its timer's present deadline and cause. */
  private take(pending: PendingEvent): PendingEvent {
    const { schedule } = this;
    assert(schedule.has(pending), 'only a pending event can happen');
    if (!isTimer(pending)) {
      schedule.remove(pending);
      return pending;
    }
    const owner = pending.actor < this.nodes.length ? this.own(pending.actor) : null;
    const timers = (owner ?? this.ownClient(pending.actor - this.nodes.length)).timers;
    const timer = timers.get(timerId(pending.name, pending.key));
    assert(timer !== undefined && timer.armed, 'only an armed timer can fire');
    const event = schedule.timerEvent(timer);
    schedule.remove(event);
    timer.slot = -1;
    timer.armed = false;
    return event;
  }

  private timersOf(event: PendingEvent): Timers {
    const { length } = this.nodes;
    if (event.actor < length) return this.own(event.actor).timers;
    return this.ownClient(event.actor - length).timers;
  }

  /** Calls the handler; returns what it threw, if it threw. */
  private handle(event: PendingEvent): Finding | null {
    try {
      dispatch(this, event, this.nodeActions, this.clientActions);
      return null;
    } catch (error) {
      // Where nodes lie, what a protocol asserts of itself may be untrue for that reason.
      if (error instanceof AssertionError && this.adversary === null) throw error;
      // A liar that breaks down breaks nothing else.
      return this.isByzantine(event.actor) ? null : threwOn(this, event, error);
    }
  }

  private watchClients(): void {
    for (const { id, monitor } of this.watchers) {
      const finding = monitor.afterClient?.(this) ?? null;
      if (finding !== null) this.report(id, -1, finding);
    }
  }

  private watch(node: number): void {
    const { watchers } = this;
    for (let i = 0; i < watchers.length; i++) {
      const { id, monitor, correctOnly } = watchers[i] as Watcher;
      if (correctOnly && this.isByzantine(node)) continue;
      const finding = monitor.afterEvent(this, node);
      if (finding === null) continue;
      this.report(id, node, finding);
      return;
    }
  }

  private report(invariant: string, actor: number, finding: Finding): void {
    if (this.violation !== null) return;
    const node = this.nodeIds[actor] ?? null;
    // A finding that names its invariant overrides the watcher's.
    this.violation = { invariant, event: this.eventIndex, at: this.now, node, ...finding };
  }
}
