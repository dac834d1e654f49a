/** What the monitors of primary–backup replication read of a world. */
import type { WorldView } from '../../sim/engine/view.ts';
import type { Entry } from '../../protocols/replication/messages.ts';
import type { ReplicationState } from '../../protocols/replication/state.ts';
import type { Log } from '../../protocols/common/log.ts';

/** Null while the node is down. */
export function stateOf(world: WorldView, node: number): ReplicationState | null {
  return (world.nodes[node]?.state ?? null) as ReplicationState | null;
}

/** What the node would still hold after a crash now; null: nothing. */
export function durableLog(world: WorldView, node: number): Log<Entry> | null {
  const durable: Partial<ReplicationState> | null | undefined = world.nodes[node]?.durable;
  return durable?.log ?? null;
}

export function nameOf(world: WorldView, node: number): string {
  return world.nodeIds[node] ?? `node ${node}`;
}
