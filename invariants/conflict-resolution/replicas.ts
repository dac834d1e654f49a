/** What the monitors of conflict resolution read of a world. */
import { Table } from '../../protocols/common/table.ts';
import type { Item } from '../../protocols/conflict-resolution/messages.ts';
import type { ConflictState } from '../../protocols/conflict-resolution/state.ts';
import type { Vector } from '../../protocols/conflict-resolution/vectors.ts';
import type { WorldView } from '../../sim/engine/view.ts';
import { plainKey } from '../history/plain-key.ts';

/** Null while the node is down. */
export function stateOf(world: WorldView, node: number): ConflictState | null {
  return (world.nodes[node]?.state ?? null) as ConflictState | null;
}

export function nameOf(world: WorldView, node: number): string {
  return world.nodeIds[node] ?? `node ${node}`;
}

/** Whether everything in the other is in this one: said once more, for it is what is checked. */
export function includes(one: Vector | undefined, other: Vector): boolean {
  return Object.keys(other).every((name) => (one?.[name] ?? 0) >= (other[name] ?? 0));
}

export function isSameVector(one: Vector, other: Vector): boolean {
  return includes(one, other) && includes(other, one);
}

export function isSameState(one: Item, other: Item): boolean {
  return one.state === other.state || plainKey(one.state) === plainKey(other.state);
}

/** A replica as it was last seen, by node. */
export interface Before {
  readonly incarnation: number;
  readonly items: Table<Item>;
}

/** What was seen of the node in this life, and what is now; null when nothing has changed. */
export function changeOf(world: WorldView, node: number, seen: Map<number, Before>) {
  const state = stateOf(world, node);
  if (state === null) return null;
  const incarnation = world.nodes[node]?.incarnation ?? 0;
  const last = seen.get(node);
  const isSame = last?.incarnation === incarnation;
  if (isSame && last.items.version === state.items.version) return null;
  seen.set(node, { incarnation, items: state.items.fork() });
  return { state, before: isSame ? last.items : new Table<Item>() };
}
