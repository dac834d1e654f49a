/** A transaction commits only when all who have something to write have voted yes, on disk. */
import type { Finding, Invariant, Monitor } from '../../sim/engine/monitor.ts';
import type { WorldView } from '../../sim/engine/view.ts';
import type { Decision } from '../../protocols/transactions/commit/state.ts';
import { durableOf, nameOf } from './nodes.ts';

export const validity: Invariant = {
  id: 'transactions/validity',
  title: 'a transaction commits only when the votes of all its participants are on their disks',
  source: 'Bernstein, Hadzilacos and Goodman 1987, §7.3, AC3; Gray and Lamport 2006, §3',
  create: () => new Validity(new Map()),
};

/** O(participants) for each new commit record, else O(1). */
class Validity implements Monitor {
  private readonly seen: Map<number, readonly Decision[]>;

  constructor(seen: Map<number, readonly Decision[]>) {
    this.seen = seen;
  }

  afterEvent(world: WorldView, node: number): Finding | null {
    const decisions = durableOf(world, node)?.decisions;
    const before = this.seen.get(node);
    if (decisions === undefined || decisions === before) return null;
    this.seen.set(node, decisions);
    for (const decision of decisions) {
      if (before?.some(({ id }) => id === decision.id) === true) continue;
      const finding = unprepared(world, node, decision);
      if (finding !== null) return finding;
    }
    return null;
  }

  fork(): Validity {
    return new Validity(new Map(this.seen));
  }
}

function unprepared(world: WorldView, node: number, decision: Decision): Finding | null {
  const { id, participants } = decision;
  for (const name of participants) {
    const durable = durableOf(world, world.nodeIds.indexOf(name));
    const isPrepared = durable?.prepared?.some((record) => record.id === id) ?? false;
    if (isPrepared || durable?.outcomes?.get(id) === 'committed') continue;
    const coordinator = nameOf(world, node);
    return {
      message: `${coordinator} commits ${id}, of which the disk of ${name} has no vote`,
      facts: [{ text: `${coordinator} commits ${id}`, node: coordinator, event: world.eventIndex }],
      witness: 'no vote',
    };
  }
  return null;
}
