/** A scenario's timeline: faults at given times, or once a condition holds. */
import { EventKind, mix } from '../engine/index.ts';
import type { Director, PendingEvent, World } from '../engine/index.ts';
import { awaitCondition, holds, type Wait } from './condition.ts';
import type { TimelineEntry } from './fault.ts';
import { isHarmed } from './harm.ts';

/** Where an entry stands. */
type Stage =
  /** Its turn has not come: the entry before it has not happened. */
  | { readonly type: 'blocked' }
  | { readonly type: 'waiting'; readonly wait: Wait }
  | { readonly type: 'scheduled'; readonly event: PendingEvent }
  | { readonly type: 'happened' };

/**
 * Schedules the faults of a timeline. An entry with a time is scheduled when the run begins. An
 * entry with a condition begins to wait when the entry before it has happened (the first one when
 * the run begins), sees its condition hold after some event, and is scheduled `afterUs` later.
 *
 * `pending` is the number of entries that are blocked or waiting, plus the number of fault events
 * in the world's schedule (ends included, whoever made them), plus one while `isHarmed`. It is zero
 * exactly when no fault is to come and those that stay leave a majority in peace: from then on, or
 * from `lastFaultAt`, a bounded-liveness monitor may count.
 */
export class Timeline implements Director {
  private readonly entries: readonly TimelineEntry[];
  private stages: Stage[];
  /** How many entries wait for a condition: while none does, an ordinary event costs one look. */
  private waiting = 0;
  private harmed = false;
  private scheduledFaults = 0;

  constructor(entries: readonly TimelineEntry[]) {
    this.entries = entries;
    this.stages = entries.map(() => ({ type: 'blocked' }));
  }

  get pending(): number {
    let still = 0;
    for (const { type } of this.stages) if (type === 'blocked' || type === 'waiting') still++;
    return still + this.scheduledFaults + (this.harmed ? 1 : 0);
  }

  begin(world: World): void {
    this.entries.forEach(({ trigger }, i) => {
      if (trigger.type === 'at') this.scheduleEntry(world, i, trigger.us);
      else if (i === 0) this.wait(world, i);
    });
    this.scheduledFaults = countFaults(world);
  }

  afterEvent(world: World, actor: number): void {
    if (actor === -1) this.afterFault(world);
    if (this.waiting > 0 && this.afterWait(world, actor)) this.scheduledFaults = countFaults(world);
  }

  hash(): number {
    let h = 0;
    for (const stage of this.stages) {
      if (stage.type === 'waiting') h = mix(mix(h, 1), stage.wait.epoch);
      else h = mix(h, stage.type === 'blocked' ? 2 : stage.type === 'scheduled' ? 3 : 4);
    }
    return h;
  }

  fork(): Timeline {
    const copy = new Timeline(this.entries);
    // Stages are replaced, never changed.
    copy.stages = this.stages.slice();
    copy.waiting = this.waiting;
    copy.harmed = this.harmed;
    copy.scheduledFaults = this.scheduledFaults;
    return copy;
  }

  /** Some fault happened, ours or another's. */
  private afterFault(world: World): void {
    for (let i = 0; i < this.stages.length; i++) {
      const stage = this.stages[i] as Stage;
      if (stage.type !== 'scheduled' || world.schedule.has(stage.event)) continue;
      this.stages[i] = { type: 'happened' };
      if (this.entries[i + 1]?.trigger.type === 'when') this.wait(world, i + 1);
    }
    this.harmed = isHarmed(world);
    this.scheduledFaults = countFaults(world);
  }

  /** Schedules what no longer has to wait; returns whether there was any. */
  private afterWait(world: World, actor: number): boolean {
    let any = false;
    for (let i = 0; i < this.stages.length; i++) {
      const stage = this.stages[i] as Stage;
      const trigger = (this.entries[i] as TimelineEntry).trigger;
      if (stage.type !== 'waiting' || trigger.type !== 'when') continue;
      if (!holds(world, trigger.condition, stage.wait, actor)) continue;
      this.waiting--;
      this.scheduleEntry(world, i, world.now + trigger.afterUs);
      any = true;
    }
    return any;
  }

  private wait(world: World, i: number): void {
    const { trigger } = this.entries[i] as TimelineEntry;
    if (trigger.type !== 'when') return;
    this.stages[i] = { type: 'waiting', wait: awaitCondition(world, trigger.condition) };
    this.waiting++;
  }

  private scheduleEntry(world: World, i: number, at: number): void {
    const { fault, forUs } = this.entries[i] as TimelineEntry;
    const action = forUs === undefined ? fault : { ...fault, forUs };
    this.stages[i] = { type: 'scheduled', event: world.scheduleFault(at, action) };
  }
}

function countFaults(world: World): number {
  let count = 0;
  world.schedule.each(({ kind }) => {
    if (kind === EventKind.fault) count++;
  });
  return count;
}
