/**
 * Sleep sets: of two independent actions only one order is explored. Godefroid, "Partial-Order
 * Methods for the Verification of Concurrent Systems", 1996; combined with state hashing as in
 * chapter 5 there: a state remembers the set it was explored with, and what slept then but must not
 * sleep now is explored when the state is met again.
 */
import type { Model } from './model.ts';

/** Actions that need not be explored from a state, for another order has been or will be. */
export type SleepSet<Action> = readonly Action[];

const nobody: SleepSet<never> = [];

export class SleepSets<Action extends number | string> {
  private readonly independent: (a: Action, b: Action) => boolean;
  /** By state number: the actions that slept whenever the state was met so far. */
  private readonly stored: SleepSet<Action>[] = [];

  /** A model that says nothing of independence gets no reduction. */
  constructor(model: Model<unknown, Action> | Pick<Model<unknown, Action>, 'independent'>) {
    this.independent = model.independent?.bind(model) ?? (() => false);
  }

  /**
   * What is to be explored from a state that was met with a sleep set, and what sleeps meanwhile.
   * Of a new state: all that is awake. Of a known one: what slept before and is awake now, while
   * only what slept both times goes on sleeping.
   */
  met(
    number: number,
    isNew: boolean,
    enabled: readonly Action[],
    sleep: SleepSet<Action>,
  ): { readonly todo: readonly Action[]; readonly sleep: SleepSet<Action> } {
    if (isNew) {
      this.stored[number] = sleep.length === 0 ? nobody : sleep;
      const todo =
        sleep.length === 0 ? enabled : enabled.filter((action) => !sleep.includes(action));
      return { todo, sleep };
    }
    const before = this.stored[number] ?? nobody;
    const both = before.filter((action) => sleep.includes(action));
    if (both.length === before.length) return { todo: nobody, sleep: both };
    this.stored[number] = both;
    const todo = enabled.filter((action) => before.includes(action) && !both.includes(action));
    return { todo, sleep: both };
  }

  /** What sleeps after an action: what slept or was explored before it, and commutes with it. */
  after(action: Action, sleep: SleepSet<Action>, explored: readonly Action[]): SleepSet<Action> {
    if (sleep.length === 0 && explored.length === 0) return nobody;
    const commutes = (other: Action) => this.independent(other, action);
    return [...sleep.filter(commutes), ...explored.filter(commutes)];
  }
}
