/** What a client was told to be written is on the disks of a write quorum: ABD 1995, §3. */
import type { Finding, Invariant, Monitor } from '../../sim/engine/monitor.ts';
import type { WorldView } from '../../sim/engine/view.ts';
import type { RegisterOptions } from '../../protocols/quorum-register/options.ts';
import type { Write } from '../../protocols/quorum-register/state.ts';
import type { Table } from '../../protocols/common/table.ts';
import { compareTimestamps, durableRegisters, nameOf, stateOf } from './replicas.ts';

export const acknowledgedIsStored: Invariant = {
  id: 'quorum-register/acknowledged-is-stored',
  title: 'a write quorum has an acknowledged write, or a newer one, on its disks',
  source: 'Attiya, Bar-Noy and Dolev 1995, §3',
  create: () => new AcknowledgedIsStored(new Map()),
};

/** O(clients + nodes) after an event in which a coordinator's writes changed, else O(1). */
class AcknowledgedIsStored implements Monitor {
  /** By node: the writes that it coordinated, as they were last seen. */
  private readonly seen: Map<number, Table<Write>>;

  constructor(seen: Map<number, Table<Write>>) {
    this.seen = seen;
  }

  afterEvent(world: WorldView, node: number): Finding | null {
    const writes = stateOf(world, node)?.writes;
    const before = this.seen.get(node);
    if (writes === undefined || writes.version === before?.version) return null;
    this.seen.set(node, writes.fork());
    for (const [client, write] of writes.entries()) {
      if (!write.acknowledged || before?.get(client) === write) continue;
      const finding = missing(world, node, client, write);
      if (finding !== null) return finding;
    }
    return null;
  }

  fork(): AcknowledgedIsStored {
    return new AcknowledgedIsStored(new Map(this.seen));
  }
}

function missing(
  world: WorldView,
  coordinator: number,
  client: string,
  write: Write,
): Finding | null {
  const { nodeIds } = world;
  const { writeQuorum } = world.options as RegisterOptions;
  const quorum = writeQuorum ?? Math.floor(nodeIds.length / 2) + 1;
  const holders = nodeIds.filter((_, node) => {
    const version = durableRegisters(world, node)?.get(write.key);
    return version !== undefined && compareTimestamps(version, write) >= 0;
  });
  if (holders.length >= quorum) return null;
  const name = nameOf(world, coordinator);
  const timestamp = `${write.counter}.${write.node}`;
  const what = `${client}'s write ${write.sequence} of ${write.key} (${timestamp})`;
  const on = holders.length === 0 ? 'no disk' : `the disks of ${holders.join(', ')} only`;
  return {
    message: `${name} acknowledges ${what}, which is on ${on}: a write quorum is ${quorum}`,
    facts: [{ text: `${name} acknowledges ${what}`, node: name, event: world.eventIndex }],
  };
}
