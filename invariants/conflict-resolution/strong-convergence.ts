/** Strong convergence: Shapiro et al., SSS 2011, Definition 2.2. */
import type { Finding, Invariant, Monitor } from '../../sim/engine/monitor.ts';
import type { WorldView } from '../../sim/engine/view.ts';
import { changeOf, isSameState, isSameVector, nameOf, stateOf, type Before } from './replicas.ts';

export const strongConvergence: Invariant = {
  id: 'conflict-resolution/strong-convergence',
  title: 'replicas that have the same updates of a key have the same state of it',
  source: 'Shapiro et al., SSS 2011, Definition 2.2 (strong eventual consistency)',
  create: () => new StrongConvergence(new Map()),
};

/** O(changed keys × nodes) after an event that changed a replica, else O(1). */
class StrongConvergence implements Monitor {
  private readonly seen: Map<number, Before>;

  constructor(seen: Map<number, Before>) {
    this.seen = seen;
  }

  afterEvent(world: WorldView, node: number): Finding | null {
    const change = changeOf(world, node, this.seen);
    if (change === null) return null;
    for (const [key, item] of change.state.items.entries()) {
      if (change.before.get(key) === item) continue;
      for (let other = 0; other < world.nodes.length; other++) {
        const theirs = other === node ? undefined : stateOf(world, other)?.items.get(key);
        if (theirs === undefined || !isSameVector(theirs.updates, item.updates)) continue;
        if (!isSameState(theirs, item)) return this.differ(world, key, node, other);
      }
    }
    return null;
  }

  fork(): StrongConvergence {
    return new StrongConvergence(new Map(this.seen));
  }

  private differ(world: WorldView, key: string, node: number, other: number): Finding {
    const facts = [other, node].map((one, i) => ({
      text: `${nameOf(world, one)} has ${JSON.stringify(stateOf(world, one)?.items.get(key))}`,
      node: nameOf(world, one),
      ...(i === 1 ? { event: world.eventIndex } : {}),
    }));
    const names = `${nameOf(world, other)} and ${nameOf(world, node)}`;
    return { message: `${names} have the same updates of ${key}, and differ`, facts };
  }
}
