/**
 * Random walk over what is enabled, weighted by class: Thomson, Donaldson and Betts, "Concurrency
 * testing using controlled schedulers" (TOPC 2016), find it hard to beat. Drawn evenly over all
 * choices it drowns in faults; the weights mend that.
 */
import { ChoiceClass, valueOf, type Enabled, type Strategy } from '../engine/index.ts';
import { Chance } from './chance.ts';
import { ordinaryWeights, weighted, type Weights } from './weights.ts';

export class RandomWalk implements Strategy {
  readonly name: string;
  readonly order = 'untimed';
  readonly draw = valueOf;
  private readonly chance: Chance;
  private readonly weights: Weights;

  constructor(seed: number, weights: Weights = ordinaryWeights, name = 'random-walk') {
    this.name = name;
    this.chance = new Chance(seed);
    this.weights = weights;
  }

  begin(): void {}

  choose(enabled: Enabled): number {
    const choice = weighted(enabled, this.weights, this.chance);
    return choice < 0 ? this.chance.below(enabled.count) : choice;
  }
}

/** 10^(-0.6), 10^(-0.4), …, 10^(0.6), in thousandths. */
const SCALES: readonly number[] = [251, 398, 631, 1000, 1585, 2512, 3981];

/** A class of faults is left out of a run so often, in a million. */
const OMITTED_PPM = 250_000;

/**
 * A random walk whose weights are drawn for the run: some faults are left out altogether, for what
 * never happens leaves room for the rest. Groce et al., "Swarm testing" (ISSTA 2012).
 */
export function swarmWalk(seed: number): RandomWalk {
  const chance = new Chance(~seed);
  const weights = ordinaryWeights.map((weight, choiceClass) => {
    const isOmitted = chance.happens(OMITTED_PPM) && choiceClass >= ChoiceClass.crash;
    const scale = SCALES[chance.below(SCALES.length)] as number;
    return isOmitted ? 0 : Math.max(1, Math.round((10 * weight * scale) / 1000));
  });
  return new RandomWalk(seed, weights, 'swarm-walk');
}
