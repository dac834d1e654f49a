/** What may happen in an exhaustively explored world, and how often. */
import type { AnyMessage, Command } from '../engine/protocol.ts';

/** A lost message is one that never arrives, so loss needs no budget and is always possible. */
export interface WorldBounds {
  /** No node goes beyond this term, ballot or view (`Observation.epoch`). */
  readonly maxEpoch: number;
  /** Each comes to some node once, in this order, or not at all. */
  readonly requests: readonly Command[];
  /** A node that crashed may restart at any time. */
  readonly crashes: number;
  /** Messages that arrive once more. */
  readonly repeats: number;
  /** How often timers of these names fire, over all nodes; others as often as the rest allows. */
  readonly timers: Readonly<Record<string, number>>;
  /**
   * Nodes are interchangeable: the protocol knows others by their ids only, as whole strings, and
   * neither compares nor orders them. Requests then name no node: a change of membership does.
   */
  readonly symmetric: boolean;
  /**
   * True for a message that can do nothing to a node in this state, nor in any later one: it then
   * counts as gone, which joins many states. A claim about the protocol that `auditInert` checks.
   */
  readonly inert?: (message: AnyMessage, receiver: object) => boolean;
}

export function describeBounds(nodes: number, bounds: WorldBounds): string {
  const { maxEpoch, requests, crashes, repeats, timers, symmetric } = bounds;
  const limited = Object.entries(timers).map(([name, most]) => `${name} fires at most ${most}×`);
  return [
    `${nodes} nodes${symmetric ? ' up to renaming' : ''}`,
    `epochs up to ${maxEpoch}`,
    ...limited,
    `${requests.length} requests`,
    `${crashes} crashes`,
    `${repeats} repeated messages`,
    'any message late or lost',
  ].join(', ');
}
