/** Eventual delivery: what one replica has, all have before long (Shapiro et al. 2011, §2). */
import type { Finding, Invariant, Monitor } from '../../sim/engine/monitor.ts';
import type { WorldView } from '../../sim/engine/view.ts';
import type { ConflictOptions } from '../../protocols/conflict-resolution/options.ts';
import { isSameState, nameOf, stateOf } from './replicas.ts';

export const liveness: Invariant = {
  id: 'conflict-resolution/liveness',
  title: 'settle_ms after the last fault and update all replicas are equal',
  source: 'Shapiro et al., SSS 2011, Definition 2.1 (eventual convergence)',
  create: () => new Liveness(),
};

/** O(1) after an event; O(keys × nodes) at the end. */
class Liveness implements Monitor {
  judged = false;
  /** When a replica last made an update, in microseconds; and how many writes it knew then. */
  private updatedAt = 0;
  private versions = new Map<number, number>();

  afterEvent(world: WorldView, node: number): null {
    const writes = stateOf(world, node)?.writes;
    if (writes === undefined || this.versions.get(node) === writes.version) return null;
    this.versions.set(node, writes.version);
    this.updatedAt = world.now;
    return null;
  }

  atEnd(world: WorldView): Finding | null {
    const { settleMs } = world.options as ConflictOptions;
    const since = Math.max(this.updatedAt, world.lastFaultAt);
    const isQuiet = world.faultsPending === 0 && world.now >= since + settleMs * 1000;
    if (!isQuiet || world.nodes.some(({ status }) => status !== 'up')) return null;
    this.judged = true;
    for (let node = 1; node < world.nodes.length; node++) {
      const [one, other] = [stateOf(world, 0)?.items, stateOf(world, node)?.items];
      const keys = new Set(
        [...(one?.entries() ?? []), ...(other?.entries() ?? [])].map(([k]) => k),
      );
      for (const key of keys) {
        const [own, theirs] = [one?.get(key), other?.get(key)];
        if (own !== undefined && theirs !== undefined && isSameState(own, theirs)) continue;
        const names = [nameOf(world, 0), nameOf(world, node)];
        return {
          message: `${names.join(' and ')} still differ in ${key}, though nothing happens any more`,
          facts: [own, theirs].map((item, i) => ({
            text: `${names[i]} has ${JSON.stringify(item?.state ?? null)}`,
            node: names[i] ?? '',
          })),
        };
      }
    }
    return null;
  }

  fork(): Liveness {
    const copy = new Liveness();
    copy.judged = this.judged;
    copy.updatedAt = this.updatedAt;
    copy.versions = new Map(this.versions);
    return copy;
  }
}
