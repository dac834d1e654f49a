/** How far each node is behind what is decided: `replication_lag_seconds` of the specification. */
import type { WorldView } from '../engine/index.ts';
import { observationOf } from './epoch.ts';

/** Followers of a run, and what they lack. */
export class Lag {
  /** When each position was first known to be decided, in microseconds; index 0 is unused. */
  private readonly decidedAt: number[] = [0];
  /** Up to which position each node knows that it is decided, when it last said. */
  private readonly known: number[] = [];

  /** Looks at the node that an event touched. */
  afterEvent(world: WorldView, node: number): void {
    const decided = observationOf(world, node)?.decided;
    if (decided === undefined) return;
    this.known[node] = decided;
    while (this.decidedAt.length <= decided) this.decidedAt.push(world.now);
  }

  /** Microseconds since the oldest position was decided that the node does not know of; else 0. */
  behindUs(world: WorldView, node: number): number {
    const since = this.decidedAt[(this.known[node] ?? 0) + 1];
    return since === undefined ? 0 : world.now - since;
  }
}
