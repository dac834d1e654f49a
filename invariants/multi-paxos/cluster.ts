/** What the monitors of Multi-Paxos ask of a world: states, disks, quorums, and values in words. */
import type { NodeId } from '../../sim/engine/protocol.ts';
import type { NodeView, WorldView } from '../../sim/engine/view.ts';
import type { Value } from '../../protocols/multi-paxos/messages.ts';
import type { MultiPaxosOptions } from '../../protocols/multi-paxos/options.ts';
import type { Slots } from '../../protocols/multi-paxos/slots.ts';
import type { MultiPaxosState } from '../../protocols/multi-paxos/state.ts';
import { plainKey } from '../history/plain-key.ts';

/** How many slots below the highest forgotten one are remembered for nodes that lag behind. */
const REMEMBERED = 8192;

/** Null while the node is down. */
export function stateOf(world: WorldView, node: number): MultiPaxosState | null {
  return (world.nodes[node] as NodeView).state as MultiPaxosState | null;
}

/** What the node would still have accepted after a crash now; null: nothing. */
export function storedBy(world: WorldView, node: number): Slots | null {
  const { durable }: { readonly durable: Partial<MultiPaxosState> | null } = world.nodes[
    node
  ] as NodeView;
  return durable?.accepted ?? null;
}

export function nameOf(world: WorldView, node: number): NodeId {
  return world.nodeIds[node] as NodeId;
}

export function optionsOf(world: WorldView): MultiPaxosOptions {
  return world.options as MultiPaxosOptions;
}

/** How many of so many acceptors choose a value. */
export function acceptQuorumOf(world: WorldView, acceptors: number): number {
  const { acceptQuorum } = optionsOf(world);
  return acceptQuorum === null ? (acceptors >> 1) + 1 : Math.min(acceptors, acceptQuorum);
}

/** `3.n2`; the round and the node of a ballot, see protocols/multi-paxos/ballot.ts. */
export function ballotText(ballot: number): string {
  return ballot === 0 ? '0' : `${Math.floor(ballot / 10_000)}.n${ballot % 10_000}`;
}

/** Values travel by reference, so the slow comparison is for errors and for what was read back. */
export function isSameValue(a: Value, b: Value): boolean {
  return a === b || plainKey(a) === plainKey(b);
}

/** `put key=x value=1 of c1`. */
export function describeValue({ request, acceptors }: Value): string {
  if (request === null) return 'a no-op';
  if (acceptors !== undefined) return `the configuration ${acceptors.join(' ')}`;
  const { type, ...fields } = request.command;
  const words = Object.keys(fields).map((field) => ` ${field}=${JSON.stringify(fields[field])}`);
  return `${type}${words.join('')} of ${request.client}`;
}

/** No learner that is left has anything to compare at or below this slot. */
export function lowestBase(world: WorldView): number {
  let lowest = Infinity;
  let highest = 0;
  for (let node = 0; node < world.nodes.length; node++) {
    const state = stateOf(world, node);
    const base = state?.accepted.base ?? storedBy(world, node)?.base ?? 0;
    lowest = Math.min(lowest, base);
    highest = Math.max(highest, base);
  }
  return Math.min(highest, Math.max(lowest, highest - REMEMBERED));
}
