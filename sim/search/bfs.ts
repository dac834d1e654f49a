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
  const search = new BreadthFirst(model, limits);
  while (limits.interrupted?.() !== true) {
    const ended = search.advance(POLL);
    if (ended !== null) return ended;
  }
  return search.stop();
}

/** The same piece by piece, for who has to look up in between. */
export class BreadthFirst<State, Action extends number | string> {
  private readonly model: Model<State, Action>;
  private readonly maxDepth: number;
  private readonly maxStates: number;
  private readonly check: PropertyCheck<State>;
  private readonly seen = new StateSet();
  private readonly print: Fingerprint = { high: 0, low: 0 };
  private readonly enabled: Action[] = [];
  private generated = 0;
  private outside = 0;
  private depth = 0;
  private frontierMax = 0;
  private broken: Property<State> | null = null;
  /** The level that is being expanded, how far, and where it begins among all states. */
  private frontier: State[] = [];
  private at = 0;
  private before = 0;
  private level: State[] = [];
  private isOver = false;

  constructor(model: Model<State, Action>, limits: ExplorationLimits = {}) {
    this.model = model;
    this.maxDepth = limits.maxDepth ?? Infinity;
    this.maxStates = limits.maxStates ?? defaultMaxStates;
    this.check = new PropertyCheck(model.properties);
    for (const [i, state] of model.initial().entries()) {
      this.isOver = this.arrive(state, -1, i);
      if (this.isOver) break;
    }
  }

  /** Distinct states so far. */
  get distinct(): number {
    return this.seen.size;
  }

  /** Levels so far. */
  get levels(): number {
    return this.depth;
  }

  /** Expands so many states at most; null: there are more. */
  advance(most: number): Exploration<State, Action> | null {
    const { model, enabled } = this;
    for (let left = most; left > 0; left--) {
      if (this.isOver) return this.early();
      if (this.at === this.frontier.length) {
        if (this.level.length === 0) return this.end('complete');
        this.depth++;
        this.frontierMax = Math.max(this.frontierMax, this.level.length);
        if (this.depth > this.maxDepth) return this.end('depth');
        this.before = this.seen.size - this.level.length;
        this.frontier = this.level;
        this.level = [];
        this.at = 0;
      }
      const parent = this.before + this.at;
      const state = this.frontier[this.at++] as State;
      enabled.length = 0;
      model.actions(state, enabled);
      for (let choice = 0; choice < enabled.length && !this.isOver; choice++) {
        const next = model.next(state, enabled[choice] as Action);
        if (next === null) this.outside++;
        else this.isOver = this.arrive(next, parent, choice);
      }
    }
    return this.isOver ? this.early() : null;
  }

  /** Ends it where it is. */
  stop(): Exploration<State, Action> {
    return this.end('interrupted');
  }

  /** Files a state that was reached; true when the search is to end. */
  private arrive(state: State, parent: number, choice: number): boolean {
    this.generated++;
    const { print, seen } = this;
    this.model.fingerprint(state, print);
    if (!seen.add(print.high, print.low, parent, choice)) return false;
    this.level.push(state);
    this.broken = this.check.violatedBy(state);
    return this.broken !== null || seen.size >= this.maxStates;
  }

  private early(): Exploration<State, Action> {
    return this.end(this.broken === null ? 'states' : 'violation');
  }

  private end(reason: Exploration<State, Action>['reason']): Exploration<State, Action> {
    const { model, seen, broken, generated, depth, frontierMax, outside } = this;
    let violation: Exploration<State, Action>['violation'] = null;
    if (broken !== null) {
      const { first, path } = actionsOf(model, seen.pathTo(seen.last));
      violation = violationOf(model, broken, first, path);
    }
    const { name, bounds } = model;
    const { neverHeld } = this.check;
    const counts = { distinct: seen.size, generated, depth, frontierMax, outside };
    return { model: name, bounds, reason, ...counts, violation, neverHeld };
  }
}
