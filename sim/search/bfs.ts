/** Breadth-first search: level by level, so the first violation found is one of the shortest. */
import { actionsOf, PropertyCheck, violationOf } from './check.ts';
import {
  defaultMaxStates,
  type Exploration,
  type ExplorationLimits,
  type Fingerprint,
  type Model,
  type Property,
} from './model.ts';
import { StateSet } from './state-set.ts';

/** How often an exploration looks whether it was interrupted, in expanded states. */
const POLL = 1024;

/** Explores a model to its end, to a limit, or to the first violation of an `always` property. */
export function breadthFirst<State, Action extends number | string>(
  model: Model<State, Action>,
  limits: ExplorationLimits = {},
): Exploration<State, Action> {
  const { maxDepth = Infinity, maxStates = defaultMaxStates, interrupted } = limits;
  const check = new PropertyCheck(model.properties);
  const seen = new StateSet();
  const print: Fingerprint = { high: 0, low: 0 };
  const actions: Action[] = [];
  let generated = 0;
  let outside = 0;
  let depth = 0;
  let frontierMax = 0;
  let broken: Property<State> | null = null;
  let frontier: State[] = [];
  let level: State[] = [];

  /** Files a state that was reached; true when the search is to end. */
  const arrive = (state: State, parent: number, choice: number): boolean => {
    generated++;
    model.fingerprint(state, print);
    if (!seen.add(print.high, print.low, parent, choice)) return false;
    level.push(state);
    broken = check.violatedBy(state);
    return broken !== null || seen.size >= maxStates;
  };

  const end = (reason: Exploration<State, Action>['reason']): Exploration<State, Action> => {
    let violation: Exploration<State, Action>['violation'] = null;
    if (broken !== null) {
      const { first, path } = actionsOf(model, seen.pathTo(seen.last));
      violation = violationOf(model, broken, first, path);
    }
    const { name, bounds } = model;
    const { neverHeld } = check;
    const counts = { distinct: seen.size, generated, depth, frontierMax, outside };
    return { model: name, bounds, reason, ...counts, violation, neverHeld };
  };

  const early = () => end(broken === null ? 'states' : 'violation');
  for (const [i, state] of model.initial().entries()) if (arrive(state, -1, i)) return early();
  while (level.length > 0) {
    depth++;
    frontierMax = Math.max(frontierMax, level.length);
    if (depth > maxDepth) return end('depth');
    const before = seen.size - level.length;
    frontier = level;
    level = [];
    for (let i = 0; i < frontier.length; i++) {
      if (i % POLL === 0 && interrupted?.() === true) return end('interrupted');
      const state = frontier[i] as State;
      actions.length = 0;
      model.actions(state, actions);
      for (let choice = 0; choice < actions.length; choice++) {
        const next = model.next(state, actions[choice] as Action);
        if (next === null) outside++;
        else if (arrive(next, before + i, choice)) return early();
      }
    }
  }
  return end('complete');
}
