/** The pending events of a world: a priority queue over slots, and timers that re-arm in place. */
import { EventKind, type PendingEvent } from './event.ts';
import { EventQueue } from './event-queue.ts';
import { timerId, type TimerRecord, type Timers } from './node.ts';

/** In a slot whose event is gone while the queue still holds its entry. */
const GONE = -1;
/** In a slot that nobody uses. */
const FREE = 0;
type Slot = PendingEvent | typeof GONE | typeof FREE;

/** Told of every event that becomes pending or ceases to be; of timers only now and then. */
export interface ScheduleWatcher {
  added(event: PendingEvent): void;
  removed(event: PendingEvent): void;
}

export class Schedule {
  private queue: EventQueue;
  private slots: Slot[] = [];
  private free: number[] = [];
  private nextId = 0;
  /** Slots whose events are due at no time, in the order in which they were held. */
  private heldSlots: readonly number[] = [];
  /** How many events are pending. */
  size = 0;
  /** Forks have none. */
  watcher: ScheduleWatcher | null = null;

  constructor(queue = new EventQueue()) {
    this.queue = queue;
  }

  /** Makes a pending event; times in microseconds. */
  add(
    kind: EventKind,
    at: number,
    actor: number,
    from: number,
    payload: PendingEvent['payload'],
    name: string,
    key: string,
    cause: number,
  ): PendingEvent {
    const slot = this.free.pop() ?? this.slots.length;
    const id = this.nextId++;
    const event = { kind, at, actor, from, payload, name, key, cause, id, slot };
    this.slots[slot] = event;
    this.size++;
    this.queue.push(at, slot);
    if (this.watcher !== null) this.watcher.added(event);
    return event;
  }

  /** When the queue's earliest entry is due; Infinity when there is none. Call after `peek`. */
  get nextTime(): number {
    return this.queue.size === 0 ? Infinity : this.queue.nextTime;
  }

  /** The earliest entry's event; entries of events that are gone are cleared away. */
  peek(): PendingEvent | null {
    while (this.queue.size > 0) {
      const slot = this.queue.nextSlot;
      const event = this.slots[slot] as Slot;
      if (typeof event === 'object') return event;
      this.queue.pop();
      this.slots[slot] = FREE;
      this.free.push(slot);
    }
    return null;
  }

  /** Takes the earliest entry out of the queue but keeps its event pending (a paused node's). */
  setAside(): number {
    return this.queue.pop();
  }

  /** Puts a slot that was set aside back in its old place, before whatever is due later. */
  putBack(slot: number): void {
    this.queue.push((this.slots[slot] as PendingEvent).at, slot);
  }

  /** Removes a pending event, wherever it is. */
  remove(event: PendingEvent): void {
    this.size--;
    if (this.watcher !== null) this.watcher.removed(event);
    if (this.queue.size > 0 && this.queue.nextSlot === event.slot) {
      this.queue.pop();
      this.slots[event.slot] = FREE;
      this.free.push(event.slot);
    } else {
      this.slots[event.slot] = GONE;
    }
  }

  /** Removes an event whose slot is in no queue entry (it was set aside). */
  removeAside(event: PendingEvent): void {
    this.size--;
    this.watcher?.removed(event);
    this.slots[event.slot] = FREE;
    this.free.push(event.slot);
  }

  /** Keeps an event pending but due at no time: it happens only when it is named, or released. */
  hold(event: PendingEvent): void {
    this.remove(event);
    this.size++;
    const slot = this.slots.length;
    const held = { ...event, slot };
    this.slots.push(held);
    this.watcher?.added(held);
    this.heldSlots = [...this.heldSlots, slot];
  }

  /** Every held event is due again: when it was, or at `now` if that has passed. */
  releaseHeld(now: number): void {
    for (const slot of this.heldSlots) {
      const event = this.slots[slot] as Slot;
      // A held event that has happened or was removed since needs a queue entry, too, to free it.
      this.queue.push(typeof event === 'object' ? Math.max(now, event.at) : now, slot);
    }
    this.heldSlots = [];
  }

  has(event: PendingEvent): boolean {
    const held = this.slots[event.slot];
    return typeof held === 'object' && held.id === event.id;
  }

  /** Calls `visit` for each pending event, in no meaningful order (sort by id for a stable one). */
  each(visit: (event: PendingEvent) => void): void {
    for (let i = 0; i < this.slots.length; i++) {
      const event = this.slots[i] as Slot;
      if (typeof event === 'object') visit(event);
    }
  }

  /**
   * (Re)arms a timer. A later deadline does not touch the queue: the entry that is there is looked
   * at when it comes due and moved on then (`revisit`), which spares a push per heartbeat.
   */
  arm(
    kind: EventKind,
    timers: Timers,
    actor: number,
    name: string,
    key: string,
    deadline: number,
    cause: number,
  ): void {
    const id = timerId(name, key);
    let timer = timers.get(id);
    if (timer === undefined) {
      timer = { name, key, armed: false, deadline: 0, queuedAt: 0, slot: -1, cause };
      timers.set(id, timer);
    }
    timer.armed = true;
    timer.deadline = deadline;
    timer.cause = cause;
    if (timer.slot >= 0 && timer.queuedAt <= deadline) return;
    if (timer.slot >= 0) this.remove(this.slots[timer.slot] as PendingEvent);
    timer.slot = this.add(kind, deadline, actor, -1, null, name, key, cause).slot;
    timer.queuedAt = deadline;
  }

  /**
   * The event of an armed timer as it stands now: its deadline and cause may have moved since it
   * was
   * queued.
   */
  timerEvent(timer: TimerRecord): PendingEvent {
    const event = this.slots[timer.slot] as PendingEvent;
    if (event.at === timer.deadline && event.cause === timer.cause) return event;
    const fresh = { ...event, at: timer.deadline, cause: timer.cause };
    this.slots[timer.slot] = fresh;
    return fresh;
  }

  /**
   * Looks at the timer event on top of the queue: true when it is to fire now; else it is moved to
   * its deadline or cleared away.
   */
  revisit(event: PendingEvent, timer: TimerRecord | undefined): boolean {
    if (timer === undefined || timer.slot !== event.slot || !timer.armed) {
      if (timer !== undefined && timer.slot === event.slot) timer.slot = -1;
      this.remove(event);
      return false;
    }
    if (timer.deadline <= this.queue.nextTime) return true;
    this.queue.pop();
    this.queue.push(timer.deadline, event.slot);
    timer.queuedAt = timer.deadline;
    return false;
  }

  /** Forgets every timer of an actor that stops. */
  disarm(timers: Timers): void {
    for (const timer of timers.values()) {
      const event = timer.slot < 0 ? undefined : this.slots[timer.slot];
      if (typeof event === 'object') this.remove(event);
    }
    timers.clear();
  }

  fork(): Schedule {
    const copy = new Schedule(this.queue.fork());
    copy.slots = this.slots.slice();
    copy.free = this.free.slice();
    copy.nextId = this.nextId;
    copy.heldSlots = this.heldSlots;
    copy.size = this.size;
    return copy;
  }
}

/** Timers of nodes and of clients are the two kinds that re-arm. */
export function isTimer(event: PendingEvent): boolean {
  return event.kind === EventKind.timer || event.kind === EventKind.clientTimer;
}
