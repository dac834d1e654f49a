/** What a node remembers, and what its place in the chain is. */
import type { NodeId, RequestId, WriteToken } from '../../sim/engine/protocol.ts';
import type { Log } from '../common/log.ts';
import type { Machine } from '../common/state-machine.ts';
import type { Configuration, Entry } from './messages.ts';
import type { ChainOptions } from './options.ts';

/** A read that waits for the master's word. */
export interface Reading extends RequestId {
  readonly key: string;
}

export interface ChainState {
  // On disk.
  configuration: Configuration;
  /** The paper's Hist. */
  log: Log<Entry>;
  /** The tail has handed over to the node that joins: it is the tail no more. */
  handingOver: boolean;

  // Volatile.
  /** How far the own disk has the log, and the writes to it that are under way. */
  stored: number;
  writes: { readonly token: WriteToken; readonly index: number }[];
  /** Every server of the chain has everything up to here; so much is in the machine. */
  stable: number;
  applied: number;
  machine: Machine;
  /** How far the successor has told to be, and the next update to send it. */
  match: number;
  next: number;
  reads: Reading[];

  readonly self: NodeId;
  readonly nodes: readonly NodeId[];
  readonly options: ChainOptions;
}

/** Of one node alone it is the node itself; else the last one, which is in no chain. */
export function masterOf(nodes: readonly NodeId[]): NodeId {
  return nodes[nodes.length - 1] ?? '';
}

export function isMaster({ self, nodes }: ChainState): boolean {
  return self === masterOf(nodes);
}

export function isHead({ configuration, self }: ChainState): boolean {
  return configuration.chain[0] === self;
}

export function tailOf({ chain }: Configuration): NodeId | null {
  return chain[chain.length - 1] ?? null;
}

export function isTail({ configuration, self, handingOver }: ChainState): boolean {
  return tailOf(configuration) === self && !handingOver;
}

/** Who gets what this node has: the next in the chain; behind the tail the one that joins. */
export function successorOf({ configuration, self }: ChainState): NodeId | null {
  const { chain, joining } = configuration;
  const place = chain.indexOf(self);
  return place < 0 ? null : (chain[place + 1] ?? joining);
}

export function predecessorOf({ configuration, self }: ChainState): NodeId | null {
  const { chain, joining } = configuration;
  if (joining === self) return tailOf(configuration);
  return chain[chain.indexOf(self) - 1] ?? null;
}
