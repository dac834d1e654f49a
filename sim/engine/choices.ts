/**
 * Everything that may happen next in untimed order, class by class, kept up to date from event to
 * event: an event costs a look at the actor that it happened to, not at all that is pending.
 */
import { ChoiceClass, choiceClasses, type Bounds } from './bounds.ts';
import { EventKind, type PendingEvent } from './event.ts';
import type { TimerRecord } from './node.ts';
import type { Enabled } from './strategy.ts';
import type { NodeStatus } from './view.ts';
import type { World } from './world.ts';

export class Choices implements Enabled {
  readonly ends = new Int32Array(choiceClasses);
  private readonly bounds: Bounds | null;
  private world!: World; // `begin` comes first.
  /** Each in the order of creation. Deliveries to nodes that are not up are left out. */
  private readonly deliveries: PendingEvent[] = [];
  /** How many of them are writes that complete. */
  private writes = 0;
  private readonly invocations: PendingEvent[] = [];
  private readonly timeline: PendingEvent[] = [];
  /** The armed timers by actor: nodes, then clients. */
  private timers: TimerRecord[][] = [];
  private statuses: readonly NodeStatus[] = [];
  /** What was taken last: where it stood, and to whom it happens. */
  private takenAt = 0;
  private takenActor = -1;

  constructor(bounds: Bounds | null = null) {
    this.bounds = bounds;
  }

  get count(): number {
    return this.ends[choiceClasses - 1] as number;
  }

  /** Looks at all that is pending in a world, and watches it from now on. */
  begin(world: World): this {
    this.world = world;
    world.schedule.watcher = this;
    this.bounds?.begin(world);
    this.rescan();
    return this;
  }

  /** Watches no longer. */
  end(): void {
    this.world.schedule.watcher = null;
  }

  /** Brings everything up to date after the event that was taken. */
  afterEvent(): void {
    this.bounds?.afterEvent(this.world, this.takenActor);
    if (this.takenActor >= 0) this.lookAtTimers(this.takenActor);
    else if (this.anyStatusChanged()) return this.rescan();
    this.countAll();
  }

  /** The pending event of a choice, ready to be performed; a fault is scheduled for now. */
  take(index: number): PendingEvent {
    const choiceClass = this.classAt(index);
    this.takenAt = index - this.startOf(choiceClass);
    const pending = this.at(index);
    // A client that loses patience goes on with the operation that it has.
    if (pending?.kind !== EventKind.clientTimer) this.bounds?.taken(choiceClass);
    const event = pending ?? this.makeFault(choiceClass, this.takenAt);
    this.takenActor = event.actor;
    return event;
  }

  at(index: number): PendingEvent | null {
    const { ends } = this;
    if (index < (ends[ChoiceClass.deliver] as number)) {
      return this.deliveries[index] as PendingEvent;
    }
    if (index >= (ends[ChoiceClass.timeline] as number)) return null;
    if (index >= (ends[ChoiceClass.partition] as number)) return this.nextFault();
    const client = index - (ends[ChoiceClass.deliver] as number);
    if (index < (ends[ChoiceClass.client] as number)) {
      const invocations = this.invocationCount();
      if (client < invocations) return this.invocations[client] as PendingEvent;
      return this.timerAt(client - invocations, this.world.nodes.length, this.timers.length);
    }
    if (index >= (ends[ChoiceClass.timer] as number)) return null;
    return this.timerAt(index - (ends[ChoiceClass.client] as number), 0, this.world.nodes.length);
  }

  classAt(index: number): ChoiceClass {
    const { ends } = this;
    let choiceClass = 0;
    while (index >= (ends[choiceClass] as number)) choiceClass++;
    return choiceClass as ChoiceClass;
  }

  startOf(choiceClass: ChoiceClass): number {
    return choiceClass === 0 ? 0 : (this.ends[choiceClass - 1] as number);
  }

  delivery(index: number): PendingEvent {
    return this.deliveries[index] as PendingEvent;
  }

  actor(index: number): number {
    const event = this.at(index);
    if (event !== null) return event.actor;
    const choiceClass = this.classAt(index);
    return this.bounds?.nodeOf(choiceClass, index - this.startOf(choiceClass), this) ?? -1;
  }

  birth(index: number): number {
    return this.at(index)?.cause ?? -1;
  }

  /** The message on its way with this number, the oldest first; writes of disks are none. */
  message(number: number): PendingEvent {
    const { deliveries } = this;
    if (this.writes === 0) return deliveries[number] as PendingEvent;
    let rest = number;
    let at = 0;
    while ((deliveries[at] as PendingEvent).kind === EventKind.disk || rest-- > 0) at++;
    return deliveries[at] as PendingEvent;
  }

  /** The messages on their way that byzantine nodes have sent, the oldest first. */
  fromLiars(): readonly PendingEvent[] {
    return this.deliveries.filter(
      ({ kind, from }) =>
        (kind === EventKind.message || kind === EventKind.response) && this.world.isByzantine(from),
    );
  }

  /** The schedule says so. */
  added(event: PendingEvent): void {
    const { kind, actor } = event;
    if (kind === EventKind.fault) this.timeline.push(event);
    else if (kind === EventKind.invoke) this.invocations.push(event);
    else if (kind === EventKind.timer || kind === EventKind.clientTimer) return;
    else if (this.isUp(actor)) {
      this.deliveries.push(event);
      if (kind === EventKind.disk) this.writes++;
    }
  }

  removed(event: PendingEvent): void {
    const { kind } = event;
    if (kind === EventKind.timer || kind === EventKind.clientTimer) return;
    const list =
      kind === EventKind.fault
        ? this.timeline
        : kind === EventKind.invoke
          ? this.invocations
          : this.deliveries;
    let at = this.takenAt;
    if (list[at] !== event) at = list.indexOf(event);
    if (at < 0) return;
    if (kind === EventKind.disk) this.writes--;
    const last = list.length - 1;
    for (; at < last; at++) list[at] = list[at + 1] as PendingEvent;
    list.pop();
  }

  private rescan(): void {
    const { world, deliveries, invocations, timeline } = this;
    deliveries.length = 0;
    this.writes = 0;
    invocations.length = 0;
    timeline.length = 0;
    world.schedule.each((event) => this.added(event));
    deliveries.sort(byAge);
    invocations.sort(byAge);
    this.statuses = world.nodes.map(({ status }) => status);
    while (this.timers.length < world.actors) this.timers.push([]);
    this.timers.length = world.actors;
    for (let actor = 0; actor < world.actors; actor++) this.lookAtTimers(actor);
    this.countAll();
  }

  /** A node that stops or starts has other timers, and messages that wait for it. */
  private anyStatusChanged(): boolean {
    const { world, statuses } = this;
    // A byzantine node starts anew, or as another, within one event.
    if (world.adversary !== null) return true;
    return world.nodes.some(({ status }, node) => status !== statuses[node]);
  }

  private lookAtTimers(actor: number): void {
    const { world } = this;
    const armed = this.timers[actor] as TimerRecord[];
    while (armed.length > 0) armed.pop();
    const { length } = world.nodes;
    if (actor < length && (!this.isUp(actor) || this.bounds?.mayFire(actor) === false)) return;
    const timers = world.nodes[actor]?.timers ?? world.clients[actor - length]?.timers;
    if (timers === undefined) return;
    for (const timer of timers.values()) if (timer.armed) armed.push(timer);
  }

  private countAll(): void {
    const { ends, bounds, timers } = this;
    const nodes = this.world.nodes.length;
    let total = this.deliveries.length;
    const messages = total - this.writes;
    ends[ChoiceClass.deliver] = total;
    total += this.invocationCount();
    for (let actor = nodes; actor < timers.length; actor++) {
      total += (timers[actor] as TimerRecord[]).length;
    }
    if (bounds !== null) total += bounds.count(ChoiceClass.client, messages);
    ends[ChoiceClass.client] = total;
    for (let actor = 0; actor < nodes; actor++) total += (timers[actor] as TimerRecord[]).length;
    ends[ChoiceClass.timer] = total;
    for (let choice = ChoiceClass.restart; choice < ChoiceClass.timeline; choice++) {
      if (bounds !== null) total += bounds.count(choice, messages);
      ends[choice] = total;
    }
    total += this.timeline.length > 0 ? 1 : 0;
    ends[ChoiceClass.timeline] = total;
    if (bounds !== null && this.world.adversary !== null) {
      total += bounds.count(ChoiceClass.lie, this.fromLiars().length);
    }
    ends[ChoiceClass.lie] = total;
  }

  private invocationCount(): number {
    return this.bounds?.mayInvoke() === false ? 0 : this.invocations.length;
  }

  private timerAt(index: number, from: number, to: number): PendingEvent | null {
    let rest = index;
    for (let actor = from; actor < to; actor++) {
      const armed = this.timers[actor] as TimerRecord[];
      const timer = armed[rest];
      if (timer !== undefined) return this.world.schedule.timerEvent(timer);
      rest -= armed.length;
    }
    return null;
  }

  private nextFault(): PendingEvent {
    const { timeline } = this;
    let next = timeline[0] as PendingEvent;
    for (let i = 1; i < timeline.length; i++) {
      const fault = timeline[i] as PendingEvent;
      if (fault.at < next.at || (fault.at === next.at && fault.id < next.id)) next = fault;
    }
    return next;
  }

  private makeFault(choiceClass: ChoiceClass, index: number): PendingEvent {
    const { world, bounds } = this;
    const within = choiceClass === ChoiceClass.client ? this.beyondPending(index) : index;
    // Only bounds offer choices that are not pending.
    const fault = (bounds as Bounds).fault(world, choiceClass, within, this);
    return world.scheduleFault(world.now, fault);
  }

  /** The place of a request among the requests: behind invocations and the clients' timers. */
  private beyondPending(index: number): number {
    let rest = index - this.invocationCount();
    for (let actor = this.world.nodes.length; actor < this.timers.length; actor++) {
      rest -= (this.timers[actor] as TimerRecord[]).length;
    }
    return rest;
  }

  private isUp(actor: number): boolean {
    const node = this.world.nodes[actor];
    return node === undefined || node.status === 'up';
  }
}

/** All choices of a world at this moment. */
export function enabled(world: World): Enabled {
  const choices = new Choices().begin(world);
  choices.end();
  return choices;
}

/** Whether a pending event could be next: timers while armed, nothing at a paused node. */
export function mayHappen(world: World, event: PendingEvent): boolean {
  if (event.kind === EventKind.timer) return world.isArmed(event);
  if (event.kind === EventKind.clientTimer) return world.isArmed(event);
  const node = world.nodes[event.actor];
  return node === undefined || node.status !== 'paused';
}

function byAge(a: PendingEvent, b: PendingEvent): number {
  return a.id - b.id;
}
