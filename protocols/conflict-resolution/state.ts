/** What a replica remembers. */
import type { NodeId, Plain } from '../../sim/engine/protocol.ts';
import type { Table } from '../common/table.ts';
import type { HybridClock } from './hybrid-clock.ts';
import type { Item, KeyedItem } from './messages.ts';
import type { ConflictOptions } from './options.ts';
import type { ConflictRules } from './rules.ts';
import { zero } from './vectors.ts';

/** A change, by its place in the order of this node's changes. */
interface Change extends KeyedItem {
  readonly number: number;
}

export interface ConflictState {
  // On disk.
  items: Table<Item>;
  /** By client: the last update that this node has made for it, and the answer. */
  writes: Table<{ readonly sequence: number; readonly value: Plain }>;
  clock: HybridClock;

  // Volatile.
  /** What clients have read here, by client and key: `c1/x`. */
  seen: Record<string, Plain>;
  /** The latest changes, for those who keep up; and how far each of the others has come. */
  changes: Change[];
  lastChange: number;
  acknowledged: Record<NodeId, number>;
  /** Merges of concurrent updates. */
  conflicts: number;

  readonly self: NodeId;
  readonly nodes: readonly NodeId[];
  readonly options: ConflictOptions;
}

export function itemOf(rules: ConflictRules, state: ConflictState, key: string): Item {
  return state.items.get(key) ?? { state: rules.types[state.options.type].initial, updates: zero };
}

/** Keeps what a key holds now, and the delta that made it so, for others. */
export function keep(state: ConflictState, key: string, item: Item, delta: Item): void {
  state.items.set(key, item);
  if (state.options.gossip === 'state') return;
  state.lastChange++;
  state.changes.push({ number: state.lastChange, key, ...delta });
  if (state.changes.length > state.options.deltasKept) state.changes.shift();
}
