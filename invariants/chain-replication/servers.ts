/** What the monitors of chain replication read of a world. */
import type { WorldView } from '../../sim/engine/view.ts';
import type { Configuration } from '../../protocols/chain-replication/messages.ts';
import type { ChainState } from '../../protocols/chain-replication/state.ts';

/** Null while the node is down. */
export function stateOf(world: WorldView, node: number): ChainState | null {
  return (world.nodes[node]?.state ?? null) as ChainState | null;
}

/** Who should answer, as this configuration has it. */
export function tailOf({ chain }: Configuration): string | undefined {
  return chain[chain.length - 1];
}
