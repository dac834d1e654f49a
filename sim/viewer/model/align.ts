/** Two runs beside one another: which event of one is which event of the other. */
import type { Store } from './store.ts';

export interface Alignment {
  /** The first index at which they differ; the shorter length when one continues the other. */
  readonly divergence: number;
  /** By event of the left run: the same one in the right run, or -1. */
  readonly toRight: Int32Array;
  readonly toLeft: Int32Array;
}

/** Events are the same when stem and content are, the n-th of one to the n-th of the other. */
export function align(left: Store, right: Store): Alignment {
  const toRight = new Int32Array(left.count).fill(-1);
  const toLeft = new Int32Array(right.count).fill(-1);
  const common = Math.min(left.count, right.count);
  let divergence = Math.min(Math.max(left.first, right.first), common);
  while (divergence < common && isSame(left, right, divergence)) {
    toRight[divergence] = divergence;
    toLeft[divergence] = divergence;
    divergence++;
  }
  const waiting = new Map<string, number[]>();
  for (let i = right.count - 1; i >= divergence; i--) {
    const name = nameOf(right, i);
    const list = waiting.get(name);
    if (list === undefined) waiting.set(name, [i]);
    else list.push(i);
  }
  for (let i = divergence; i < left.count; i++) {
    const match = waiting.get(nameOf(left, i))?.pop();
    if (match === undefined) continue;
    toRight[i] = match;
    toLeft[match] = i;
  }
  return { divergence, toRight, toLeft };
}

/** Where the other cursor belongs: at the same event, else at the last one before it that is. */
export function follow(map: Int32Array, index: number): number {
  for (let i = Math.min(index, map.length - 1); i >= 0; i--) {
    const match = map[i] as number;
    if (match >= 0) return match;
  }
  return -1;
}

function isSame(left: Store, right: Store, index: number): boolean {
  return (
    left.columns.at[index] === right.columns.at[index] &&
    nameOf(left, index) === nameOf(right, index)
  );
}

function nameOf(store: Store, index: number): string {
  return `${store.stems.texts[store.columns.stem[index] as number]}#${store.event(index).content}`;
}
