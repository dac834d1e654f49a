/** The properties of a model during one exploration: who is violated, who has held. */
import type { Model, Property, PropertyViolation } from './model.ts';

export class PropertyCheck<State> {
  private readonly always: readonly Property<State>[];
  private waiting: readonly Property<State>[];

  constructor(properties: readonly Property<State>[]) {
    this.always = properties.filter(({ kind }) => kind === 'always');
    this.waiting = properties.filter(({ kind }) => kind === 'sometimes');
  }

  /** The first `always` property that does not hold in a state, or null. */
  violatedBy(state: State): Property<State> | null {
    if (this.waiting.length > 0) {
      const held = this.waiting.some((property) => property.holds(state));
      if (held) this.waiting = this.waiting.filter((property) => !property.holds(state));
    }
    const { always } = this;
    for (let i = 0; i < always.length; i++) {
      const property = always[i] as Property<State>;
      if (!property.holds(state)) return property;
    }
    return null;
  }

  get neverHeld(): readonly string[] {
    return this.waiting.map(({ id }) => id);
  }
}

/** The states along a path and its actions in words. */
export function walk<State, Action extends number | string>(
  model: Model<State, Action>,
  first: State,
  actions: readonly Action[],
): { readonly state: State; readonly steps: readonly string[] } {
  const steps: string[] = [];
  let state = first;
  for (const action of actions) {
    steps.push(...model.describe(state, action));
    state = model.next(state, action) as State; // A path stays within the bounds.
  }
  return { state, steps };
}

/** The violation at the end of a path. */
export function violationOf<State, Action extends number | string>(
  model: Model<State, Action>,
  property: Property<State>,
  first: State,
  path: readonly Action[],
): PropertyViolation<State, Action> {
  return { property: property.id, path, ...walk(model, first, path) };
}

/** A path of positions among the enabled actions, the first among the initial states. */
export function actionsOf<State, Action extends number | string>(
  model: Model<State, Action>,
  choices: readonly number[],
): { readonly first: State; readonly path: readonly Action[] } {
  const first = model.initial()[choices[0] ?? 0] as State;
  const path: Action[] = [];
  let state = first;
  for (const choice of choices.slice(1)) {
    const enabled: Action[] = [];
    model.actions(state, enabled);
    const action = enabled[choice] as Action;
    path.push(action);
    state = model.next(state, action) as State; // It was reached before.
  }
  return { first, path };
}
