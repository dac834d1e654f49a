/**
 * Byzantine round plans: of the first r rounds, d have a network fault and c a process fault; all
 * others are fair. A process fault is one lie told to some of the receivers. So d + c small numbers
 * are all there is to draw. Winter et al., "Randomized testing of Byzantine fault tolerant
 * algorithms" (ByzzFuzz, OOPSLA 2023).
 */
import { ChoiceClass, valueOf, type Enabled, type RunInfo } from '../engine/index.ts';
import type { PendingEvent, Strategy } from '../engine/index.ts';
import { liesAbout } from '../faults/index.ts';
import { Chance } from './chance.ts';
import { weighted, weightsOf } from './weights.ts';

/** What begins a round; the rest of it is deliveries. */
const actions = weightsOf({ client: 60, timer: 30, restart: 10, timeline: 20 });

const MOST_CUTS = 2;
const MOST_LIES = 3;
/** Faults lie in the first so many rounds, at least and at most. */
const LEAST_ROUNDS = 3;
const MOST_ROUNDS = 12;

export class ByzantineRounds implements Strategy {
  readonly name = 'byzantine-rounds';
  readonly order = 'untimed';
  readonly draw = valueOf;
  /** Rounds that have begun. */
  begun = 0;
  /** By round: its two sides, a bit a node; 0: it is whole. */
  readonly cuts: Int32Array;
  /** By round: the number of its lie, or -1. */
  readonly lies: Int32Array;
  private readonly chance: Chance;
  private nodes = 0;
  /** In the present round: to whom the lie is still to be told, a bit an actor. */
  private receivers = 0;

  constructor(seed: number) {
    const chance = new Chance(seed);
    this.chance = chance;
    const rounds = LEAST_ROUNDS + chance.below(MOST_ROUNDS - LEAST_ROUNDS + 1);
    this.cuts = new Int32Array(rounds);
    this.lies = new Int32Array(rounds).fill(-1);
    for (let d = chance.below(MOST_CUTS + 1); d > 0; d--) {
      this.cuts[chance.below(rounds)] = chance.bits();
    }
    for (let c = 1 + chance.below(MOST_LIES); c > 0; c--) {
      this.lies[chance.below(rounds)] = chance.below(liesAbout);
    }
  }

  begin({ nodes }: RunInfo): void {
    this.nodes = nodes;
  }

  choose(enabled: Enabled): number {
    const lie = this.nextLie(enabled);
    if (lie >= 0) return lie;
    const delivery = this.nextDelivery(enabled);
    if (delivery >= 0) return delivery;
    this.begun++;
    this.receivers = this.chance.bits();
    const action = weighted(enabled, actions, this.chance);
    return action < 0 ? this.chance.below(enabled.count) : action;
  }

  /** The lie of this round, told to the next who is to hear it; -1: nobody is left. */
  private nextLie(enabled: Enabled): number {
    const variant = this.lies[this.begun - 1] ?? -1;
    if (variant < 0 || this.receivers === 0) return -1;
    const start = enabled.ends[ChoiceClass.lie - 1] as number;
    const end = enabled.ends[ChoiceClass.lie] as number;
    // Behind the lies about messages there are other sins, fewer than lies about one message.
    for (let at = start + variant; at < end; at += liesAbout) {
      const bit = 1 << (enabled.actor(at) & 31);
      if ((this.receivers & bit) === 0) continue;
      this.receivers &= ~bit;
      return at;
    }
    return -1;
  }

  /** The oldest delivery that the cut of this round lets through; -1: there is none. */
  private nextDelivery(enabled: Enabled): number {
    const count = enabled.ends[ChoiceClass.deliver] as number;
    for (let at = 0; at < count; at++) if (this.passes(enabled.delivery(at))) return at;
    return -1;
  }

  private passes({ from, actor }: PendingEvent): boolean {
    const sides = this.cuts[this.begun - 1] ?? 0;
    if (sides === 0 || from < 0 || from >= this.nodes || actor >= this.nodes) return true;
    return (((sides >> (from & 31)) ^ (sides >> (actor & 31))) & 1) === 0;
  }
}
