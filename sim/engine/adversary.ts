/**
 * Nodes that may lie, as far as the engine has to know of them: who they are, what they see. What
 * they say is decided elsewhere and happens as faults (`sim/faults/byzantine.ts`).
 *
 * A byzantine node runs the protocol's own code. What it sends is altered on its way, so its state
 * is that of a correct node, unless it is made to forget or to live twice.
 */
import type { PendingEvent } from './event.ts';
import type { Plain, Signature } from './protocol.ts';
import type { World } from './world.ts';

/** A world of its own has one; null stands for a world in which nobody lies. */
export interface Adversary {
  /** Draws who may lie. Called once, before any node starts. */
  begin(world: World): void;
  /** From the moment it is marked until the end of the run, lying or not. */
  isByzantine(node: number): boolean;
  /** A copy of a message is on its way: everybody's, for an adversary sees the network. */
  sent(world: World, event: PendingEvent): void;
  /** A node has signed something. */
  signed(signature: Signature, payload: Plain): void;
  /** A 32-bit hash of what may change what happens next. */
  hash(): number;
  fork(): Adversary;
}
