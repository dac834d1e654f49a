/** The directory's content: who owns which range, and since which epoch. Pure functions. */
import type { NodeId, Plain } from '../../../sim/engine/protocol.ts';

/** A range reaches up to where the next one begins. */
export type Route = { readonly start: string; readonly owner: NodeId; readonly epoch: number };

/** All ranges in the order of their keys: together they have every key, each exactly once. */
export type Routes = readonly Route[];

/** A change of the directory that an owner wants. */
export type Change =
  | { readonly kind: 'move'; readonly to: NodeId }
  | { readonly kind: 'split'; readonly at: string }
  | { readonly kind: 'merge' };

export function initialRoutes(boundaries: readonly string[], owners: readonly NodeId[]): Routes {
  const starts = ['', ...boundaries.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))];
  return starts.map((start, i) => ({
    start,
    owner: owners[i % owners.length] as NodeId, // There is an owner.
    epoch: 1,
  }));
}

export function routeOf(routes: Routes, key: string): Route | undefined {
  return routes.findLast(({ start }) => start <= key);
}

/** Where the range that begins here ends; null: nowhere. */
export function endOf(routes: Routes, start: string): string | null {
  return routes.find((route) => route.start > start)?.start ?? null;
}

export function contains(start: string, end: string | null, key: string): boolean {
  return start <= key && (end === null || key < end);
}

/**
 * The routes after a change of the range that begins at `start`, in an epoch of its own; null when
 * it is not the owner's any more, or the change makes no sense.
 */
export function changed(routes: Routes, own: Route, change: Change): Routes | null {
  const at = routes.findIndex(({ start }) => start === own.start);
  const route = routes[at];
  if (route?.owner !== own.owner || route.epoch !== own.epoch) return null;
  const { start, owner } = route;
  const next = routes[at + 1];
  const epoch = route.epoch + 1;
  if (change.kind === 'move') return routes.with(at, { start, owner: change.to, epoch });
  if (change.kind === 'merge') {
    if (next?.owner !== owner) return null;
    const merged = { start, owner, epoch: Math.max(route.epoch, next.epoch) + 1 };
    return routes.toSpliced(at, 2, merged);
  }
  if (!contains(start, next?.start ?? null, change.at) || change.at === start) return null;
  return routes.toSpliced(at, 1, { start, owner, epoch }, { start: change.at, owner, epoch });
}

/** What the directory answered, if it is a list of routes. */
export function routesIn(value: Plain): Routes | null {
  return Array.isArray(value) ? value : null;
}
