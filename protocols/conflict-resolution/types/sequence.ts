/**
 * A sequence: Replicated Growable Array (Roh et al., 2011), as a tree of insertions: every element
 * names the one behind which it was put; of those behind the same one the newest comes first.
 * Removed elements stay as tombstones, for others may have been put behind them.
 */
import type { Plain } from '../../../sim/engine/protocol.ts';
import { byName } from '../vectors.ts';
import type { ReplicatedType } from './type.ts';

type Element = {
  readonly value: Plain;
  /** The name of another element; '' for the front. */
  readonly behind: string;
  /** Later than that of every element that its writer had seen, of equals the greater node. */
  readonly rank: number;
  readonly node: string;
};

export type SequenceState = {
  /** By name, `n1:3`; sorted. */
  readonly elements: { readonly [name: string]: Element };
  /** Names of what was removed; sorted. */
  readonly removed: readonly string[];
};

/** `append` puts its value at the end, `put` at the front; `remove` and `delete` take out. */
export const sequence: ReplicatedType<SequenceState> = {
  initial: Object.freeze({ elements: Object.freeze({}), removed: Object.freeze([]) }),
  update(state, { type, value = null }, { node, counter }) {
    const { elements } = state;
    const visible = order(state);
    switch (type) {
      case 'append':
      case 'put': {
        const behind = type === 'put' ? '' : (visible[visible.length - 1] ?? '');
        const ranks = Object.values(elements).map(({ rank }) => rank);
        const rank = Math.max(0, ...ranks) + 1;
        const element = { value, behind, rank, node };
        return { elements: { [`${node}:${counter}`]: element }, removed: [] };
      }
      case 'remove': {
        const name = visible.find((one) => elements[one]?.value === value);
        return { elements: {}, removed: name === undefined ? [] : [name] };
      }
      case 'delete':
        return { elements: {}, removed: visible.toSorted(byText) };
      default:
        return null;
    }
  },
  merge: (one, other) => ({
    elements: Object.fromEntries(
      Object.entries({ ...one.elements, ...other.elements }).toSorted(byName),
    ),
    removed: [...new Set([...one.removed, ...other.removed])].toSorted(byText),
  }),
  value: (state) => order(state).map((name) => state.elements[name]?.value ?? null),
};

/** The names of what is there, in order. An element whose place is not known yet is not shown. */
function order({ elements, removed }: SequenceState): string[] {
  const children = new Map<string, string[]>();
  for (const [name, { behind }] of Object.entries(elements)) {
    children.set(behind, [...(children.get(behind) ?? []), name]);
  }
  const gone = new Set(removed);
  const names: string[] = [];
  const stack = [''];
  for (let name = stack.pop(); name !== undefined; name = stack.pop()) {
    if (name !== '' && !gone.has(name)) names.push(name);
    // The newest is taken from the stack first.
    const behind = children.get(name) ?? [];
    stack.push(...behind.toSorted((a, b) => compareAge(elements[a], elements[b])));
  }
  return names;
}

function compareAge(one: Element | undefined, other: Element | undefined): number {
  if (one === undefined || other === undefined) return 0;
  return one.rank - other.rank || byText(one.node, other.node);
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
