/**
 * What strategies by priority share: the pending event of the highest priority is next. Timers have
 * a band of their own, or a timer that re-arms itself would starve all others; faults have no
 * priority at all, they happen at steps that are drawn before the run.
 */
import { ChoiceClass, finish, mix, valueOf } from '../engine/index.ts';
import type { Enabled, PendingEvent, Strategy } from '../engine/index.ts';
import { Chance } from './chance.ts';
import { faultWeights, weighted, type Weights } from './weights.ts';

/** Timers lose this much of their priority, in bits; drawn for each run. */
const BANDS: readonly number[] = [0, 1, 2, 3];

/** On average one fault or request in so many steps, at most. */
const STEPS_PER_INTERVENTION = 8;

const interventions: Weights = faultWeights.slice();
interventions[ChoiceClass.client] = 12;

export abstract class Prioritized implements Strategy {
  abstract readonly name: string;
  readonly order = 'untimed';
  readonly draw = valueOf;
  protected readonly chance: Chance;
  /** By id of the pending event, from the first of the run on; in [0, 2^32), lower when lowered. */
  protected priorities = new Float64Array(512);
  /** The priority and the actor of what was chosen last; -1: nothing, or a fault. */
  protected current = -1;
  protected lastActor = -1;
  private readonly salt: number;
  private readonly band: number;
  /** By step: 1 where a fault or a request is to happen. */
  private readonly planned: Uint8Array;
  private firstId = -1;
  /** Ids below this one have a priority. */
  private known = 0;

  constructor(seed: number, horizon: number) {
    this.chance = new Chance(seed);
    this.salt = this.chance.bits();
    this.band = BANDS[this.chance.below(BANDS.length)] as number;
    this.planned = new Uint8Array(horizon);
    const most = Math.ceil(horizon / STEPS_PER_INTERVENTION);
    for (let i = this.chance.below(most + 1); i > 0; i--) {
      this.planned[this.chance.below(horizon)] = 1;
    }
  }

  begin(): void {}

  choose(enabled: Enabled, step: number): number {
    this.assign(enabled);
    if (this.planned[step] === 1) {
      const choice = weighted(enabled, interventions, this.chance);
      if (choice >= 0) {
        this.current = -1;
        this.lastActor = enabled.actor(choice);
        return choice;
      }
    }
    this.beforeChoice(enabled, step);
    return this.highest(enabled);
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

  /** The choice of the highest priority; deliveries, clients and timers count. */
  protected highest(enabled: Enabled): number {
    const { ends, count } = enabled;
    const deliveries = ends[ChoiceClass.deliver] as number;
    const pending = ends[ChoiceClass.timer] as number;
    let best = -1;
    let highest = -Infinity;
    for (let i = 0; i < deliveries; i++) {
      const priority = this.at(enabled.at(i) as PendingEvent);
      if (priority > highest) {
        highest = priority;
        best = i;
      }
    }
    const isQuiet = deliveries === 0;
    for (let i = deliveries; i < pending; i++) {
      const priority = this.timerPriority(enabled, i);
      if (priority > highest) {
        highest = priority;
        best = i;
      }
    }
    // Only faults are left.
    if (best < 0) best = this.chance.below(count);
    this.current = best < deliveries && !isQuiet ? highest : -1;
    this.lastActor = enabled.actor(best);
    return best;
  }

  /** A timer that is set again has another priority. */
  private timerPriority(enabled: Enabled, index: number): number {
    const event = enabled.at(index);
    if (event === null) return -Infinity;
    const hash = finish(mix(mix(this.salt, event.cause), event.slot));
    return (hash >>> 0) >>> this.band;
  }

  /** Gives the new deliveries, the last of the list, their priorities in the order of creation. */
  private assign(enabled: Enabled): void {
    const deliveries = enabled.ends[ChoiceClass.deliver] as number;
    if (deliveries === 0) return;
    if (this.firstId < 0) {
      this.firstId = (enabled.at(0) as PendingEvent).id;
      this.known = this.firstId;
    }
    let first = deliveries;
    while (first > 0 && (enabled.at(first - 1) as PendingEvent).id >= this.known) first--;
    if (first === deliveries) return;
    const last = (enabled.at(deliveries - 1) as PendingEvent).id;
    if (last - this.firstId >= this.priorities.length) this.grow(last);
    for (let i = first; i < deliveries; i++) {
      const event = enabled.at(i) as PendingEvent;
      this.set(event, this.priorityOf(event));
    }
    this.known = last + 1;
  }

  private grow(last: number): void {
    const wider = new Float64Array(2 * (last - this.firstId + 1));
    wider.set(this.priorities);
    this.priorities = wider;
  }
}
