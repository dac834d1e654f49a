/** Weights of the classes of choices: in a random walk they are the algorithm. */
import { ChoiceClass, choiceClasses, type Enabled } from '../engine/index.ts';
import type { Chance } from './chance.ts';

/** By class; integers. A class of weight 0 is chosen only when there is no other. */
export type Weights = Int32Array;

/**
 * Deliveries by far the most, for drops, timeouts and crashes, each possible at any time, would
 * crowd out all progress.
 */
export const ordinaryWeights: Weights = weightsOf({
  deliver: 70,
  client: 10,
  timer: 8,
  restart: 20,
  heal: 4,
  crash: 2,
  drop: 1,
  duplicate: 2,
  partition: 1,
  timeline: 4,
  lie: 4,
});

/** The classes of faults only, for strategies that decide beforehand when one happens. */
export const faultWeights: Weights = weightsOf({
  restart: 20,
  heal: 8,
  crash: 6,
  drop: 3,
  duplicate: 3,
  partition: 4,
  timeline: 6,
  lie: 8,
});

export function weightsOf(
  weights: Readonly<Partial<Record<keyof typeof ChoiceClass, number>>>,
): Weights {
  const result = new Int32Array(choiceClasses);
  for (const [name, weight] of Object.entries(weights)) {
    result[ChoiceClass[name as keyof typeof ChoiceClass]] = weight;
  }
  return result;
}

/**
 * A choice: first a class by weight, of those that have a choice, then a member evenly; -1 when no
 * class that weighs anything has one.
 */
export function weighted({ ends }: Enabled, weights: Weights, chance: Chance): number {
  let total = 0;
  let start = 0;
  for (let i = 0; i < choiceClasses; i++) {
    const end = ends[i] as number;
    if (end > start) total += weights[i] as number;
    start = end;
  }
  if (total === 0) return -1;
  let ticket = chance.below(total);
  start = 0;
  for (let i = 0; i < choiceClasses; i++) {
    const end = ends[i] as number;
    if (end > start) {
      ticket -= weights[i] as number;
      if (ticket < 0) return start + chance.below(end - start);
    }
    start = end;
  }
  return -1;
}
