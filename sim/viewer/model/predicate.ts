/** "Run until": `n3.role = leader`, `commitIndex >= 5`, `violation`, `fault`, `leader`. */
import type { TracedNode } from '../../trace/format.ts';
import { isFields, projectionOf, valueAt } from './project.ts';
import type { States } from './states.ts';
import type { Store } from './store.ts';

export const predicateHelp =
  'n3.role = leader · commitIndex >= 5 · n1.log.entries.length > 2 · leader · fault · violation';

/** Whether the moment has come at an event, given the states after it. */
type Moment = (store: Store, states: States, index: number) => boolean;

/** The moment that the words mean, or a sentence that says what is wrong with them. */
export function parsePredicate(text: string): Moment | string {
  const words = text.trim();
  if (words === 'violation') return ({ violation }, _states, index) => violation?.event === index;
  if (words === 'fault') return ({ gathered }, _states, index) => gathered.faults.includes(index);
  if (words === 'leader') return ({ gathered }, _s, index) => gathered.elections.includes(index);
  const found = /^(?:(n\d+)\.)?([\w.]+)\s*(>=|<=|!=|=|>|<)\s*(.+)$/.exec(words);
  if (found === null) return `not understood; write ${predicateHelp}`;
  const [, node, path, operator, raw] = found as unknown as [string, string?, ...string[]];
  const value = (raw ?? '').replaceAll(/^"|"$/g, '');
  return (store, states, index) => {
    const cluster = states.at(index);
    const among = cluster.filter((_, i) => node === undefined || store.header.nodes[i] === node);
    return among.some((one) => compares(fieldOf(one, path as string), operator as string, value));
  };
}

/** The first event behind `index` at which it holds; null: none, a sentence: not understood. */
export function runUntil(
  store: Store,
  states: States,
  index: number,
  text: string,
): number | string | null {
  const moment = parsePredicate(text);
  if (typeof moment === 'string') return moment;
  // What holds already must first cease to hold, or a run would never get away from it.
  let held = index >= store.first && moment(store, states, index);
  for (let i = index + 1; i < store.scanned; i++) {
    const holds = moment(store, states, i);
    if (holds && !held) return i;
    held = holds;
  }
  return null;
}

function fieldOf(node: TracedNode, path: string): unknown {
  const { role, epoch } = projectionOf(node);
  if (path === 'role') return role;
  if (path === 'epoch') return epoch;
  if (path === 'status') return node.status;
  const steps = path.split('.');
  const isLength = steps.at(-1) === 'length';
  const value = valueAt(node.state, isLength ? steps.slice(0, -1) : steps);
  if (!isLength) return value;
  if (Array.isArray(value)) return value.length;
  return isFields(value) ? Object.keys(value).length : undefined;
}

function compares(actual: unknown, operator: string, wanted: string): boolean {
  if (actual === undefined) return false;
  const text = typeof actual === 'string' ? actual : JSON.stringify(actual);
  if (operator === '=') return text === wanted;
  if (operator === '!=') return text !== wanted;
  const [a, b] = [Number(actual), Number(wanted)];
  if (operator === '>') return a > b;
  if (operator === '<') return a < b;
  return operator === '>=' ? a >= b : a <= b;
}
