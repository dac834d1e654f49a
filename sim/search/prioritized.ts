/**
 * What strategies by priority share: of all that is on its way, the event of the highest priority
 * is next. Timers stand outside, or one that re-arms itself would starve all others: they fire at a
 * rate drawn for the run, or when nothing is on its way. Faults happen at steps drawn beforehand.
 */
import { ChoiceClass, valueOf } from '../engine/index.ts';
import type { Enabled, PendingEvent, Strategy } from '../engine/index.ts';
import { Chance } from './chance.ts';
import { faultWeights, weighted, weightsOf, type Weights } from './weights.ts';

/** In one step out of so many a timer or a client acts; one of these is drawn for each run. */
const STEPS_PER_TIMER: readonly number[] = [6, 12, 24, 48];

/** On average one fault or request in so many steps, at most. */
const STEPS_PER_INTERVENTION = 8;

const interventions: Weights = faultWeights.slice();
interventions[ChoiceClass.client] = 12;

const timers = weightsOf({ client: 1, timer: 2 });

export abstract class Prioritized implements Strategy {
  abstract readonly name: string;
  readonly order = 'untimed';
  readonly draw = valueOf;
  protected readonly chance: Chance;
  /** By id of the pending event, from the first of the run on; in [0, 2^32), lower when lowered. */
  private readonly priorities: number[] = [];
  /** The priority and the actor of what was chosen last; -1: nothing, or a fault. */
  protected current = -1;
  protected lastActor = -1;
  private readonly stepsPerTimer: number;
  /** By step: 1 where a fault or a request is to happen. */
  private readonly planned: Uint8Array;
  private firstId = -1;
  /** Ids below this one have a priority. */
  private known = 0;

  constructor(seed: number, horizon: number) {
    this.chance = new Chance(seed);
    this.stepsPerTimer = STEPS_PER_TIMER[this.chance.below(STEPS_PER_TIMER.length)] as number;
    this.planned = new Uint8Array(horizon);
    const most = Math.ceil(horizon / STEPS_PER_INTERVENTION);
    for (let i = this.chance.below(most + 1); i > 0; i--) {
      this.planned[this.chance.below(horizon)] = 1;
    }
  }

  begin(): void {}

  choose(enabled: Enabled, step: number): number {
    this.assign(enabled);
    const isPlanned = this.planned[step] === 1;
    let choice = isPlanned ? weighted(enabled, interventions, this.chance) : -1;
    if (choice < 0 && this.chance.below(this.stepsPerTimer) === 0) choice = this.timer(enabled);
    if (choice < 0) {
      this.beforeChoice(enabled, step);
      choice = this.highest(enabled);
      if (choice >= 0) {
        const event = enabled.delivery(choice);
        this.current = this.at(event);
        this.lastActor = event.actor;
        return choice;
      }
      choice = this.timer(enabled);
    }
    // Only faults are left.
    if (choice < 0) choice = this.chance.below(enabled.count);
    this.current = -1;
    this.lastActor = enabled.actor(choice);
    return choice;
  }

  /** The priority that a new event gets. */
  protected abstract priorityOf(event: PendingEvent): number;

  /** The moment to change priorities. */
  protected abstract beforeChoice(enabled: Enabled, step: number): void;

  protected at(event: PendingEvent): number {
    return this.priorities[event.id - this.firstId] as number;
  }

  protected set(event: PendingEvent, priority: number): void {
    this.priorities[event.id - this.firstId] = priority;
  }

  /** The delivery of the highest priority; -1 when nothing is on its way. */
  protected highest(enabled: Enabled): number {
    const deliveries = enabled.ends[ChoiceClass.deliver] as number;
    let best = -1;
    let highest = -Infinity;
    for (let i = 0; i < deliveries; i++) {
      const priority = this.at(enabled.delivery(i));
      if (priority > highest) {
        highest = priority;
        best = i;
      }
    }
    return best;
  }

  private timer(enabled: Enabled): number {
    return weighted(enabled, timers, this.chance);
  }

  /** Gives the new deliveries, the last of the list, their priorities in the order of creation. */
  private assign(enabled: Enabled): void {
    const deliveries = enabled.ends[ChoiceClass.deliver] as number;
    if (deliveries === 0) return;
    if (this.firstId < 0) {
      this.firstId = enabled.delivery(0).id;
      this.known = this.firstId;
    }
    let first = deliveries;
    while (first > 0 && enabled.delivery(first - 1).id >= this.known) first--;
    if (first === deliveries) return;
    for (let i = first; i < deliveries; i++) {
      const event = enabled.delivery(i);
      while (this.priorities.length < event.id - this.firstId) this.priorities.push(0);
      this.set(event, this.priorityOf(event));
      this.known = event.id + 1;
    }
  }
}
