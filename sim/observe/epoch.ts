/** Terms, ballots, views: whatever an epoch is called, as `observe()` tells it. */
import type { Observation, WorldView } from '../engine/index.ts';

/** What a node shows; null while it is down. */
export function observationOf(world: WorldView, node: number): Observation | null {
  const { state = null, status = 'down' } = world.nodes[node] ?? {};
  return state === null || status === 'down' ? null : world.protocol.observe(state);
}

/** The epoch of a node, or the highest of all nodes for -1; 0 when nobody is up. */
export function epochOf(world: WorldView, node: number): number {
  if (node >= 0) return observationOf(world, node)?.epoch ?? 0;
  return world.nodes.reduce((most, _, i) => Math.max(most, epochOf(world, i)), 0);
}
