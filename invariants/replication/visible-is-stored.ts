/** Each mode's promise at the moment in which it is given: so many disks have the write. */
import type { Finding, Invariant, Monitor } from '../../sim/engine/monitor.ts';
import type { WorldView } from '../../sim/engine/view.ts';
import type { ReplicationOptions } from '../../protocols/replication/options.ts';
import { describeAt, isSameEntry } from '../acknowledged.ts';
import { durableLog, nameOf, stateOf } from './cluster.ts';

export const visibleIsStored: Invariant = {
  id: 'replication/visible-is-stored',
  title: 'what a primary answers or lets others read is on as many disks as its mode promises',
  source: 'MySQL 8.0 manual, 19.4.10 (AFTER_SYNC); the specification, "Replication Strategies"',
  create: () => new VisibleIsStored(new Map()),
};

/** A primary as it was last seen. */
interface Seen {
  readonly epoch: number;
  readonly upTo: number;
}

/** O(new positions × nodes) after an event of a primary, else O(1). */
class VisibleIsStored implements Monitor {
  private readonly seen: Map<number, Seen>;

  constructor(seen: Map<number, Seen>) {
    this.seen = seen;
  }

  afterEvent(world: WorldView, node: number): Finding | null {
    const state = stateOf(world, node);
    if (state?.role !== 'primary') return null;
    const { epoch, log } = state;
    const upTo = Math.max(state.committed, state.applied);
    const before = this.seen.get(node);
    this.seen.set(node, { epoch, upTo });
    // What it had applied as a backup was acknowledged by another primary.
    if (before?.epoch !== epoch) return null;
    for (let index = before.upTo + 1; index <= upTo; index++) {
      const entry = log.at(index);
      const holders = world.nodeIds.filter((_, other) =>
        isSameEntry(durableLog(world, other)?.at(index), entry),
      );
      const wanted = disksPromised(world);
      if (holders.length >= wanted) continue;
      const name = nameOf(world, node);
      const on = holders.length === 0 ? 'no disk' : `the disks of ${holders.join(', ')} only`;
      const what = describeAt(index, entry);
      return {
        message: `${name} counts ${what} as done, which is on ${on}: its mode promises ${wanted}`,
        facts: [{ text: `${name} counts ${what} as done`, node: name, event: world.eventIndex }],
      };
    }
    return null;
  }

  fork(): VisibleIsStored {
    return new VisibleIsStored(new Map(this.seen));
  }
}

/** Said once more, and not asked of the protocol: it is what is checked. */
function disksPromised(world: WorldView): number {
  const { acknowledgement, waitFor } = world.options as ReplicationOptions;
  const { length } = world.nodes;
  if (acknowledgement === 'synchronous') return length;
  return acknowledgement === 'asynchronous' ? 1 : Math.min(waitFor + 1, length);
}
