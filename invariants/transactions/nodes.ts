/** What the invariants of atomic commitment read of a node: its state, and what its disk holds. */
import type { WorldView } from '../../sim/engine/view.ts';
import type { CommitState } from '../../protocols/transactions/commit/state.ts';

/** Null while the node is down. */
export function stateOf(world: WorldView, node: number): CommitState | null {
  return (world.nodes[node]?.state ?? null) as CommitState | null;
}

/** What the node would still know after a crash now; null: nothing. */
export function durableOf(world: WorldView, node: number): Partial<CommitState> | null {
  return world.nodes[node]?.durable ?? null;
}

export function nameOf(world: WorldView, node: number): string {
  return world.nodeIds[node] ?? `node ${node}`;
}
