/** What the PBFT monitors ask of a world: who is correct, and what a replica holds. */
import { finish, hashPlain } from '../../sim/engine/hash.ts';
import type { NodeId } from '../../sim/engine/protocol.ts';
import type { NodeView, WorldView } from '../../sim/engine/view.ts';
import type { Batch } from '../../protocols/pbft/messages.ts';
import type { PbftState } from '../../protocols/pbft/state.ts';

/** No incarnation: what a monitor notes for a replica that it has not seen yet. */
export const NONE = -1;

/** A replica's state; null while it is down. */
export function pbftState(world: WorldView, node: number): PbftState | null {
  return (world.nodes[node] as NodeView).state as PbftState | null;
}

/** What the replica knows, or would know after a restart. */
export function knowledgeOf({ state, durable }: NodeView): Partial<PbftState> {
  return state ?? durable ?? {};
}

export function nameOf(world: WorldView, node: number): NodeId {
  return world.nodeIds[node] as NodeId;
}

/** f (§3). */
export function faultsOf({ nodes }: WorldView): number {
  return Math.floor((nodes.length - 1) / 3);
}

/** How many replicas any two decisions share a correct one of: 2f + 1 of 3f + 1 (§4.2). */
export function quorumOf(world: WorldView): number {
  return Math.floor((world.nodes.length + faultsOf(world)) / 2) + 1;
}

/** A quorum without the replicas that lie: so many correct ones are behind every decision. */
export function correctQuorum(world: WorldView): number {
  return quorumOf(world) - (world.nodes.length - world.correctNodes.length);
}

/** Every correct replica has a stable checkpoint at or above this number. */
export function lowestStable(world: WorldView): number {
  const stables = world.correctNodes.map((node) => knowledgeOf(node).stable?.sequence ?? 0);
  return stables.reduce((least, stable) => Math.min(least, stable), Infinity);
}

const keys = new WeakMap<Batch, string>();

/** Equal exactly for batches that ask for the same in the same order, whatever their digests. */
export function contentOf(batch: Batch): string {
  let key = keys.get(batch);
  if (key === undefined) {
    key = batch
      .map(({ client, sequence, command }) => `${client}/${sequence} ${JSON.stringify(command)}`)
      .join('; ');
    keys.set(batch, key);
  }
  return key;
}

/** `c1/3 c2/1`, or `a null request`. */
export function describe(batch: Batch): string {
  if (batch.length === 0) return 'a null request';
  return batch.map(({ client, sequence }) => `${client}/${sequence}`).join(' ');
}

/** A hash of a memory that does not depend on the order in which it was filled. */
export function hashOf(entries: Iterable<readonly [string | number, string]>): number {
  let sum = 0;
  for (const entry of entries) sum = (sum + finish(hashPlain(11, entry))) | 0;
  return sum;
}
