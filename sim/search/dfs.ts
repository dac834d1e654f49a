/**
 * Depth-first search: only one path waits at a time, so it needs the least memory, and sleep sets
 * spare it most of the equivalent orders. What it finds is not the shortest.
 */
import { PropertyCheck, violationOf } from './check.ts';
import {
  defaultMaxStates,
  type Exploration,
  type ExplorationLimits,
  type Fingerprint,
  type Model,
  type Property,
} from './model.ts';
import { SleepSets, type SleepSet } from './sleep-sets.ts';
import { StateSet } from './state-set.ts';

/** How often an exploration looks whether it was interrupted, in actions. */
const POLL = 4096;

/** A state on the path, and which of its actions are still to be explored. */
interface Frame<State, Action> {
  readonly state: State;
  readonly todo: readonly Action[];
  readonly sleep: SleepSet<Action>;
  /** How many of `todo` have been begun. */
  begun: number;
}

/** Explores a model to its end, to a limit of states, or to the first violation. */
export function depthFirst<State, Action extends number | string>(
  model: Model<State, Action>,
  limits: Omit<ExplorationLimits, 'maxDepth'> = {},
): Exploration<State, Action> {
  const { maxStates = defaultMaxStates, interrupted } = limits;
  const check = new PropertyCheck(model.properties);
  const seen = new StateSet();
  const sleepSets = new SleepSets<Action>(model);
  const print: Fingerprint = { high: 0, low: 0 };
  const stack: Frame<State, Action>[] = [];
  let generated = 0;
  let outside = 0;
  let deepest = 0;
  let broken: Property<State> | null = null;

  /** Files a state that was reached; true when the search is to end. */
  const arrive = (state: State, sleep: SleepSet<Action>): boolean => {
    generated++;
    model.fingerprint(state, print);
    const isNew = seen.add(print.high, print.low, -1, 0);
    const enabled: Action[] = [];
    model.actions(state, enabled);
    const { todo, sleep: still } = sleepSets.met(seen.last, isNew, enabled, sleep);
    if (isNew) broken = check.violatedBy(state);
    if (!isNew && todo.length === 0) return false;
    stack.push({ state, todo, sleep: still, begun: 0 });
    deepest = Math.max(deepest, stack.length);
    return broken !== null || seen.size >= maxStates;
  };

  const end = (reason: Exploration<State, Action>['reason']): Exploration<State, Action> => {
    const { name, bounds } = model;
    const { neverHeld } = check;
    const counts = {
      distinct: seen.size,
      generated,
      depth: deepest,
      frontierMax: deepest,
      outside,
    };
    const path = stack.slice(0, -1).map(({ todo, begun }) => todo[begun - 1] as Action);
    const first = stack[0]?.state as State; // A violation is at the end of a path.
    const violation = broken === null ? null : violationOf(model, broken, first, path);
    return { model: name, bounds, reason, ...counts, violation, neverHeld };
  };

  const early = () => end(broken === null ? 'states' : 'violation');
  for (const initial of model.initial()) {
    if (arrive(initial, [])) return early();
    for (let count = 0; stack.length > 0; count++) {
      if (count % POLL === 0 && interrupted?.() === true) return end('interrupted');
      const frame = stack[stack.length - 1] as Frame<State, Action>;
      const { state, todo, sleep } = frame;
      if (frame.begun === todo.length) {
        stack.pop();
        continue;
      }
      const explored = todo.slice(0, frame.begun);
      const action = todo[frame.begun++] as Action;
      const next = model.next(state, action);
      if (next === null) outside++;
      else if (arrive(next, sleepSets.after(action, sleep, explored))) return early();
    }
  }
  return end('complete');
}
