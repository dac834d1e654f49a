/** Applies patches to plain trees: a reader needs no more of immer than this. */
import type { Patch } from './format.ts';

type Fields = Record<string | number, unknown>;

/**
 * The tree after the patches; `tree` itself and all it shares with the result stay untouched.
 * Undefined when a patch does not fit the tree, as only a damaged trace can have it.
 */
export function applyPatches(tree: object, patches: readonly Patch[]): object | undefined {
  if (patches.length === 0) return tree;
  const root = { tree };
  // Containers made by this call: these may be changed in place.
  const fresh = new Set<unknown>([root]);
  for (const { op, path, value } of patches) {
    let at: Fields = root;
    let step: string | number = 'tree';
    for (const next of path) {
      const child = Object.hasOwn(at, step) ? at[step] : undefined;
      if (typeof child !== 'object' || child === null || next === '__proto__') return undefined;
      const copy = fresh.has(child) ? child : shallow(child);
      fresh.add(copy);
      at[step] = copy;
      at = copy as Fields;
      step = next;
    }
    if (!write(at, step, op, value)) return undefined;
  }
  return root.tree;
}

function write(at: Fields, step: string | number, op: Patch['op'], value: unknown): boolean {
  if (op !== 'add' && !Object.hasOwn(at, step)) return false;
  if (op !== 'remove' && value === undefined) return false;
  if (!Array.isArray(at)) {
    if (op === 'remove') Reflect.deleteProperty(at, step);
    else at[step] = value;
    return true;
  }
  if (step === 'length') return op === 'replace' && shorten(at, value);
  if (typeof step !== 'number' || step > at.length) return false;
  if (op === 'replace') at[step] = value;
  else if (op === 'remove') at.splice(step, 1);
  else at.splice(step, 0, value);
  return true;
}

function shorten(list: unknown[], length: unknown): boolean {
  if (typeof length !== 'number' || !(length >= 0 && length <= list.length)) return false;
  list.length = Math.floor(length);
  return true;
}

function shallow(value: object): object {
  return Array.isArray(value) ? [...(value as unknown[])] : { ...value };
}
