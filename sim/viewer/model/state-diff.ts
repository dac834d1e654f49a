/** What one event changed, path by path, and the tree of a node's state with the changes marked. */
import { differences } from '../../trace/difference.ts';
import { pathText } from '../../trace/text.ts';
import { isFields } from './project.ts';
import type { States } from './states.ts';
import type { Store } from './store.ts';

export interface FieldChange {
  readonly node: string;
  /** From the node: begins with `state`, `status` or `incarnation`. */
  readonly path: readonly (string | number)[];
  readonly text: string;
  readonly kind: 'added' | 'removed' | 'replaced';
  readonly before: unknown;
  readonly after: unknown;
}

/** All that an event changed at all nodes, in the order of the nodes. */
export function changesOf(store: Store, states: States, index: number): FieldChange[] {
  if (index < store.first) return [];
  const before = states.at(index - 1);
  const after = states.at(index);
  return after.flatMap((node, i) => {
    if (node === before[i]) return [];
    const name = store.header.nodes[i] as string;
    return differences(before[i], node).map(({ path, left, right }): FieldChange => {
      const kind = left === undefined ? 'added' : right === undefined ? 'removed' : 'replaced';
      const shown = path[0] === 'state' && path.length > 1 ? path.slice(1) : path;
      return { node: name, path, text: pathText(shown), kind, before: left, after: right };
    });
  });
}

export interface TreeLine {
  readonly path: readonly (string | number)[];
  readonly depth: number;
  readonly name: string;
  /** '' for a container that is unfolded below. */
  readonly value: string;
  readonly isChanged: boolean;
}

/** Values no longer than this are written on one line. */
const WIDTH = 48;

/** A state as lines; `changed`: paths (as text) that are marked, and what holds them. */
export function treeOf(value: unknown, changed: ReadonlySet<string>): TreeLine[] {
  const lines: TreeLine[] = [];
  walk(value, ['state'], 0);
  return lines;

  function walk(at: unknown, path: readonly (string | number)[], depth: number): void {
    const entries = Array.isArray(at)
      ? at.map((item, i): [number, unknown] => [i, item])
      : isFields(at)
        ? Object.entries(at)
        : [];
    for (const [key, item] of entries) {
      const own = [...path, key];
      const text = pathText(own);
      const isChanged = [...changed].some(
        (one) => one === text || one.startsWith(`${text}.`) || one.startsWith(`${text}[`),
      );
      const json = JSON.stringify(item) ?? 'undefined';
      const isLeaf = typeof item !== 'object' || item === null || json.length <= WIDTH;
      const value = isLeaf ? json : '';
      lines.push({ path: own, depth, name: String(key), value, isChanged });
      if (!isLeaf) walk(item, own, depth + 1);
    }
  }
}
