/** Nobody commits before the commit record is on the coordinator's disk: the commit point. */
import type { Finding, Invariant, Monitor } from '../../sim/engine/monitor.ts';
import type { WorldView } from '../../sim/engine/view.ts';
import type { Table } from '../../protocols/common/table.ts';
import type { Outcome } from '../../protocols/transactions/commit/state.ts';
import { durableOf, nameOf } from './nodes.ts';

/** Two-phase commit only: in three-phase commit others may decide in the coordinator's place. */
export const decisionIsDurable: Invariant = {
  id: 'transactions/decision-is-durable',
  title: "a participant commits only what its coordinator's disk has decided, and still remembers",
  source: 'Gray and Lamport 2006, §3.1; Mohan, Lindsay and Obermarck 1986, §3.2',
  create: () => new DecisionIsDurable(new Map()),
};

/** O(transactions) after an event that changed the outcomes on a disk, else O(1). */
class DecisionIsDurable implements Monitor {
  private readonly seen: Map<number, Table<Outcome>>;

  constructor(seen: Map<number, Table<Outcome>>) {
    this.seen = seen;
  }

  afterEvent(world: WorldView, node: number): Finding | null {
    const outcomes = durableOf(world, node)?.outcomes;
    const before = this.seen.get(node);
    if (outcomes === undefined || outcomes.version === before?.version) return null;
    this.seen.set(node, outcomes.fork());
    for (const [id, outcome] of outcomes.entries()) {
      if (outcome !== 'committed' || before?.get(id) === outcome) continue;
      if (isDecided(world, node, id)) continue;
      const name = nameOf(world, node);
      const coordinator = id.slice(0, id.indexOf('.'));
      return {
        message: `${name} commits ${id}, and the disk of ${coordinator} knows of no decision`,
        facts: [{ text: `${name} commits ${id}`, node: name, event: world.eventIndex }],
        witness: 'no decision',
      };
    }
    return null;
  }

  fork(): DecisionIsDurable {
    return new DecisionIsDurable(new Map(this.seen));
  }
}

/** A coordinator that takes part has its own outcome on the same disk: that is record enough. */
function isDecided(world: WorldView, node: number, id: string): boolean {
  const coordinator = world.nodeIds.indexOf(id.slice(0, id.indexOf('.')));
  if (coordinator === node) return true;
  const decisions = durableOf(world, coordinator)?.decisions ?? [];
  return decisions.some((decision) => decision.id === id);
}
