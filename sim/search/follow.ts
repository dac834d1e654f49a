/**
 * Causal follow: with a probability drawn for the run, the newest message is delivered, so that a
 * conversation goes on to its end while the rest of the network stands still. Ours; it beat every
 * published strategy on the replication bugs of our trial (see the README).
 */
import { ChoiceClass, valueOf, type Enabled, type Strategy } from '../engine/index.ts';
import { Chance } from './chance.ts';
import { ordinaryWeights, weighted } from './weights.ts';

/** The most that the newest message is preferred, in a million. */
const MOST_PPM = 900_000;

export class Follow implements Strategy {
  readonly name = 'follow';
  readonly order = 'untimed';
  readonly draw = valueOf;
  private readonly chance: Chance;
  private readonly newestPpm: number;

  constructor(seed: number) {
    this.chance = new Chance(seed);
    this.newestPpm = this.chance.below(MOST_PPM + 1);
  }

  begin(): void {}

  choose(enabled: Enabled): number {
    const deliveries = enabled.ends[ChoiceClass.deliver] as number;
    if (deliveries > 0 && this.chance.happens(this.newestPpm)) return deliveries - 1;
    const choice = weighted(enabled, ordinaryWeights, this.chance);
    return choice < 0 ? this.chance.below(enabled.count) : choice;
  }
}
