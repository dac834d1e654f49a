/**
 * Lassos: a path to a cycle on which an `eventually` property never holds, and which is fair to
 * everybody, so that it can go on for ever. Found as strongly connected components (Tarjan, 1972)
 * of the states in which the property does not hold; weak fairness as in TLA+.
 */
import { assert } from '../engine/assert.ts';
import { components } from './components.ts';
import { actionsOf, walk } from './check.ts';
import { defaultMaxStates, type Fingerprint, type Model, type Property } from './model.ts';
import { StateSet } from './state-set.ts';

export interface Lasso<Action> {
  readonly property: string;
  /** From an initial state to the cycle. */
  readonly stem: readonly Action[];
  /** Back to where it begins; empty when nothing can happen any more. */
  readonly cycle: readonly Action[];
  /** Both in words. */
  readonly stemSteps: readonly string[];
  readonly cycleSteps: readonly string[];
}

export interface LassoSearch<Action> {
  readonly lasso: Lasso<Action> | null;
  /** States in which the property does not hold, reached without its having held. */
  readonly states: number;
  /** False when the limit of states ended the search. */
  readonly complete: boolean;
}

/** The states that avoid the property, numbered; edges by source. */
interface Graph<State, Action> {
  readonly states: readonly State[];
  readonly seen: StateSet;
  readonly targets: readonly (readonly number[])[];
  readonly actions: readonly (readonly Action[])[];
  /** Everything that is enabled, also what leads to the property or out of the bounds. */
  readonly enabled: readonly (readonly Action[])[];
  readonly complete: boolean;
}

/** Looks for a fair way to avoid an `eventually` property for ever. The model must be finite. */
export function findLasso<State, Action extends number | string>(
  model: Model<State, Action>,
  propertyId: string,
  maxStates = defaultMaxStates,
): LassoSearch<Action> {
  const property = model.properties.find(({ id }) => id === propertyId);
  assert(property?.kind === 'eventually', 'a lasso avoids an eventually property');
  const graph = avoiding(model, property, maxStates);
  const fairness = model.fairness?.bind(model) ?? ((action: Action) => action);
  const { complete } = graph;
  for (const component of components(graph.targets)) {
    const cycle = fairCycle(graph, component, fairness);
    if (cycle === null) continue;
    const lasso = describeLasso(model, property, graph, cycle);
    return { lasso, states: graph.states.length, complete };
  }
  return { lasso: null, states: graph.states.length, complete };
}

function avoiding<State, Action extends number | string>(
  model: Model<State, Action>,
  property: Property<State>,
  maxStates: number,
): Graph<State, Action> {
  const seen = new StateSet();
  const print: Fingerprint = { high: 0, low: 0 };
  const states: State[] = [];
  const targets: number[][] = [];
  const actions: Action[][] = [];
  const enabled: Action[][] = [];
  const file = (state: State, parent: number, choice: number): number => {
    model.fingerprint(state, print);
    if (seen.add(print.high, print.low, parent, choice)) states.push(state);
    return seen.last;
  };
  for (const [i, state] of model.initial().entries()) {
    if (!property.holds(state)) file(state, -1, i);
  }
  for (let at = 0; at < states.length; at++) {
    if (states.length > maxStates)
      return { states, seen, targets, actions, enabled, complete: false };
    const state = states[at] as State;
    const all: Action[] = [];
    model.actions(state, all);
    enabled.push(all);
    targets.push([]);
    actions.push([]);
    for (const [choice, action] of all.entries()) {
      const next = model.next(state, action);
      if (next === null || property.holds(next)) continue;
      targets[at]?.push(file(next, at, choice));
      actions[at]?.push(action);
    }
  }
  return { states, seen, targets, actions, enabled, complete: true };
}

interface Cycle<Action> {
  readonly start: number;
  readonly actions: readonly Action[];
}

/** A walk through a component back to its start that treats everybody fairly, or null. */
function fairCycle<State, Action>(
  graph: Graph<State, Action>,
  component: readonly number[],
  fairness: (action: Action) => Party | null,
): Cycle<Action> | null {
  const start = Math.min(...component);
  if (component.length === 1 && graph.targets[start]?.includes(start) !== true) {
    // A state in which nothing can happen is a cycle in which nothing happens.
    return graph.enabled[start]?.length === 0 ? { start, actions: [] } : null;
  }
  const inside = new Set(component);
  const unfair = partiesOf(graph, component, fairness);
  const walked: Action[] = [];
  let at = start;
  const step = (edge: number) => {
    const action = graph.actions[at]?.[edge] as Action;
    const party = fairness(action);
    if (party !== null) unfair.delete(party);
    walked.push(action);
    at = graph.targets[at]?.[edge] as number;
  };
  const look = () => {
    const able = new Set((graph.enabled[at] ?? []).map(fairness));
    for (const party of unfair) if (!able.has(party)) unfair.delete(party);
  };
  look();
  while (unfair.size > 0) {
    const before = unfair.size;
    const way = shortest(graph, inside, at, (from, edge) => {
      const party = fairness(graph.actions[from]?.[edge] as Action);
      if (party !== null && unfair.has(party)) return true;
      const target = graph.targets[from]?.[edge] as number;
      const able = new Set((graph.enabled[target] ?? []).map(fairness));
      return [...unfair].some((other) => !able.has(other));
    });
    if (way === null) return null;
    for (const edge of way) {
      step(edge);
      look();
    }
    assert(unfair.size < before, 'the way leads to somebody who was treated unfairly');
  }
  if (at !== start || walked.length === 0) {
    const back = (from: number, edge: number) => graph.targets[from]?.[edge] === start;
    for (const edge of shortest(graph, inside, at, back) ?? []) step(edge);
  }
  return { start, actions: walked };
}

/** Somebody who must not be able to act for ever without acting. */
type Party = number | string;

/** Everybody who can act somewhere in a component. */
function partiesOf<State, Action>(
  graph: Graph<State, Action>,
  component: readonly number[],
  fairness: (action: Action) => Party | null,
): Set<Party> {
  const parties = new Set<Party>();
  for (const state of component) {
    for (const action of graph.enabled[state] ?? []) {
      const party = fairness(action);
      if (party !== null) parties.add(party);
    }
  }
  return parties;
}

/** The fewest edges inside a component up to and including one that is wanted; null: none is. */
function shortest<State, Action>(
  graph: Graph<State, Action>,
  inside: ReadonlySet<number>,
  start: number,
  isWanted: (from: number, edge: number) => boolean,
): readonly number[] | null {
  const came = new Map<number, readonly [from: number, edge: number]>();
  const queue = [start];
  for (const from of queue) {
    for (const [edge, target] of (graph.targets[from] ?? []).entries()) {
      if (!inside.has(target)) continue;
      if (isWanted(from, edge)) return [...wayTo(came, start, from), edge];
      if (target === start || came.has(target)) continue;
      came.set(target, [from, edge]);
      queue.push(target);
    }
  }
  return null;
}

function wayTo(
  came: ReadonlyMap<number, readonly [from: number, edge: number]>,
  start: number,
  end: number,
): number[] {
  const way: number[] = [];
  let at = end;
  while (at !== start) {
    const [from, edge] = came.get(at) as readonly [number, number]; // The search came by here.
    way.push(edge);
    at = from;
  }
  return way.reverse();
}

function describeLasso<State, Action extends number | string>(
  model: Model<State, Action>,
  property: Property<State>,
  graph: Graph<State, Action>,
  { start, actions: cycle }: Cycle<Action>,
): Lasso<Action> {
  const { first, path: stem } = actionsOf(model, graph.seen.pathTo(start));
  const { state, steps: stemSteps } = walk(model, first, stem);
  const { steps: cycleSteps } = walk(model, state, cycle);
  return { property: property.id, stem, cycle, stemSteps, cycleSteps };
}
