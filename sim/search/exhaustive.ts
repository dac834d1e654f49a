/** Exhaustive search of a model, and what it lets us say. */
import { breadthFirst } from './bfs.ts';
import { depthFirst } from './dfs.ts';
import type { Exploration, ExplorationLimits, Model } from './model.ts';

export type * from './model.ts';
export { BreadthFirst } from './bfs.ts';
export { WorldModel } from './world-model.ts';
export type { WorldState } from './world-state.ts';
export type { WorldBounds } from './world-bounds.ts';
export type { Budget, BudgetReport } from './iterative-deepening.ts';
export { deepenBudgets } from './iterative-deepening.ts';
export { findLasso } from './lasso.ts';
export type { Lasso, LassoSearch } from './lasso.ts';

export interface ExhaustiveOptions extends ExplorationLimits {
  /** `breadth` finds shortest violations; `depth` needs less memory and knows no `maxDepth`. */
  readonly order?: 'breadth' | 'depth';
}

/** Explores a model within its bounds and the limits; the same model gives the same result. */
export function exhaustive<State, Action extends number | string>(
  model: Model<State, Action>,
  { order = 'breadth', ...limits }: ExhaustiveOptions = {},
): Exploration<State, Action> {
  return order === 'breadth' ? breadthFirst(model, limits) : depthFirst(model, limits);
}

const incomplete = {
  depth: 'to this depth',
  states: 'before the limit of states',
  interrupted: 'before it was interrupted',
} as const;

/** The result in a sentence: never "correct", for only these bounds were explored. */
export function conclusion(exploration: Exploration<unknown, unknown>): string {
  const { model, bounds, reason, distinct, generated, depth, violation } = exploration;
  const counts = `${distinct} distinct states of ${generated} generated, depth ${depth}`;
  const about = `${bounds} (${counts})`;
  if (violation !== null) {
    const { property, path } = violation;
    return `${model}: ${property} is violated after ${path.length} actions: ${about}`;
  }
  if (reason === 'complete' || reason === 'violation') {
    const missed = `chance of a missed state ${chance(distinct)}`;
    return `${model}: no violation within these bounds: ${about}, explored completely, ${missed}`;
  }
  const how = incomplete[reason];
  return `${model}: no violation ${how}, but not everything was explored: ${about}`;
}

/** That any two of n states have one fingerprint: about n² / 2^65. */
function chance(states: number): string {
  return ((states * states) / 2 ** 65).toExponential(1);
}
