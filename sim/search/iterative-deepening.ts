/**
 * Iterative deepening on fault budgets: the cheapest combinations first, each explored whole, so
 * that a violation comes with the fewest faults that make it possible, and a report without one
 * says "not with so many faults".
 */
import { breadthFirst } from './bfs.ts';
import type { Exploration, ExplorationLimits, Model } from './model.ts';

/** How many faults of each kind one run may have, by the names of the kinds. */
export type Budget = Readonly<Record<string, number>>;

export interface BudgetReport<State, Action> {
  readonly budget: Budget;
  readonly exploration: Exploration<State, Action>;
}

/**
 * Explores the model that each budget makes, in the order of the number of faults, until one is
 * violated. `limits` hold for each of them.
 */
export function deepenBudgets<State, Action extends number | string>(
  most: Budget,
  modelWithin: (budget: Budget) => Model<State, Action>,
  limits: ExplorationLimits = {},
): readonly BudgetReport<State, Action>[] {
  const reports: BudgetReport<State, Action>[] = [];
  for (const budget of budgetsUpTo(most)) {
    const exploration = breadthFirst(modelWithin(budget), limits);
    reports.push({ budget, exploration });
    if (exploration.reason === 'violation' || exploration.reason === 'interrupted') break;
  }
  return reports;
}

/** All budgets up to the largest, those with fewer faults in all first. */
export function budgetsUpTo(most: Budget): readonly Budget[] {
  let budgets: Budget[] = [{}];
  for (const [kind, limit] of Object.entries(most)) {
    budgets = budgets.flatMap((budget) =>
      Array.from({ length: limit + 1 }, (_, count) => ({ ...budget, [kind]: count })),
    );
  }
  return budgets.sort((a, b) => total(a) - total(b));
}

function total(budget: Budget): number {
  return Object.values(budget).reduce((sum, count) => sum + count, 0);
}
