/** The last and the next event that wrote a field of a node's state. */
import { EventKind } from '../../engine/event.ts';
import { Flag } from './columns.ts';
import type { Store } from './store.ts';

type Path = readonly (string | number)[];

/**
 * The nearest event before (`-1`) or behind (`1`) `index` whose patches touched the field of this
 * node, `path` counted from the node (`['state', 'log']`); null when there is none.
 */
export function writeOf(
  store: Store,
  index: number,
  direction: -1 | 1,
  node: number,
  path: Path,
): number | null {
  const { columns, first, scanned } = store;
  for (let i = index + direction; i >= first && i < scanned; i += direction) {
    if (((columns.flags[i] as number) & Flag.changes) === 0) continue;
    // Only a fault changes other nodes than the one to which it happens.
    if (columns.actor[i] !== node && columns.kind[i] !== EventKind.fault) continue;
    if (touches(store, i, node, path)) return i;
  }
  return null;
}

/** Whether an event's patches changed the field, a part of it, or something that holds it. */
export function touches(store: Store, index: number, node: number, path: Path): boolean {
  return (store.event(index).changes ?? []).some(
    (change) => change.node === node && change.patches.some((patch) => isAlong(patch.path, path)),
  );
}

function isAlong(one: Path, other: Path): boolean {
  const length = Math.min(one.length, other.length);
  for (let i = 0; i < length; i++) if (String(one[i]) !== String(other[i])) return false;
  return true;
}
