/** A replica never goes back: Lynch and Shvartsman 1997, propagation phase. */
import type { Finding, Invariant, Monitor } from '../../sim/engine/monitor.ts';
import type { WorldView } from '../../sim/engine/view.ts';
import type { Version } from '../../protocols/quorum-register/messages.ts';
import type { Table } from '../../protocols/common/table.ts';
import { compareTimestamps, describeVersion, nameOf, stateOf } from './replicas.ts';

export const timestampsGrow: Invariant = {
  id: 'quorum-register/timestamps-grow',
  title: 'while it runs, a replica never replaces a version by an older one',
  source: 'Lynch and Shvartsman 1997, §4',
  create: () => new TimestampsGrow(new Map()),
};

/** A replica as it was last seen. */
interface Before {
  readonly incarnation: number;
  readonly registers: Table<Version>;
}

/** O(keys) after an event that changed a register, else O(1). */
class TimestampsGrow implements Monitor {
  private readonly before: Map<number, Before>;

  constructor(before: Map<number, Before>) {
    this.before = before;
  }

  afterEvent(world: WorldView, node: number): Finding | null {
    const state = stateOf(world, node);
    if (state === null) return null;
    const { registers } = state;
    const incarnation = world.nodes[node]?.incarnation ?? 0;
    const before = this.before.get(node);
    if (before?.incarnation === incarnation && before.registers.version === registers.version) {
      return null;
    }
    this.before.set(node, { incarnation, registers: registers.fork() });
    // A crash may lose what was not on disk, and that is no going back.
    if (before?.incarnation !== incarnation) return null;
    for (const [key, old] of before.registers.entries()) {
      const now = registers.get(key);
      if (now === old || (now !== undefined && compareTimestamps(now, old) >= 0)) continue;
      return fell(world, node, key, old, now ?? null);
    }
    return null;
  }

  fork(): TimestampsGrow {
    return new TimestampsGrow(new Map(this.before));
  }
}

function fell(
  world: WorldView,
  node: number,
  key: string,
  old: Version,
  now: Version | null,
): Finding {
  const name = nameOf(world, node);
  const present = now === null ? 'nothing' : describeVersion(now);
  return {
    message: `${name} held ${key}=${describeVersion(old)} and went back to ${present}`,
    facts: [
      { text: `${name} held ${key}=${describeVersion(old)}`, node: name },
      { text: `${name} holds ${present}`, node: name, event: world.eventIndex },
    ],
  };
}
