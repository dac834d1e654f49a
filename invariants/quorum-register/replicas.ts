/** What the register's invariants read of a node, and how timestamps compare. */
import type { WorldView } from '../../sim/engine/view.ts';
import type { Timestamp, Version } from '../../protocols/quorum-register/messages.ts';
import type { RegisterState } from '../../protocols/quorum-register/state.ts';
import type { Table } from '../../protocols/common/table.ts';

/** Null while the node is down. */
export function stateOf(world: WorldView, node: number): RegisterState | null {
  return (world.nodes[node]?.state ?? null) as RegisterState | null;
}

/** What the node would still hold after a crash now; null: nothing. */
export function durableRegisters(world: WorldView, node: number): Table<Version> | null {
  const durable: Partial<RegisterState> | null | undefined = world.nodes[node]?.durable;
  return durable?.registers ?? null;
}

export function nameOf(world: WorldView, node: number): string {
  return world.nodeIds[node] ?? `node ${node}`;
}

/** Below 0 when `a` is older than `b`, 0 when they are equal. */
export function compareTimestamps(a: Timestamp, b: Timestamp): number {
  if (a.counter !== b.counter) return a.counter - b.counter;
  return a.node < b.node ? -1 : a.node > b.node ? 1 : 0;
}

/** `5 under 2.n1` */
export function describeVersion({ value, counter, node }: Version): string {
  return `${JSON.stringify(value)} under ${counter}.${node}`;
}
