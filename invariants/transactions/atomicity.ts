/** All or nothing: no two nodes decide differently. Bernstein, Hadzilacos, Goodman 1987, §7.3. */
import type { Fact, Finding, Invariant, Monitor } from '../../sim/engine/monitor.ts';
import type { WorldView } from '../../sim/engine/view.ts';
import type { Table } from '../../protocols/common/table.ts';
import type { Decision, Outcome } from '../../protocols/transactions/commit/state.ts';
import { durableOf, nameOf } from './nodes.ts';

export const atomicity: Invariant = {
  id: 'transactions/atomicity',
  title: 'no node commits a transaction that another one has aborted',
  source: 'Bernstein, Hadzilacos and Goodman 1987, §7.3, AC1 and AC2',
  create: () => new Atomicity(new Map(), new Map(), new Map()),
};

/** What was first found on a disk of a transaction. */
interface Known {
  readonly outcome: Outcome;
  readonly node: string;
  readonly event: number;
}

/**
 * Reads disks: what is on none of them has not been decided, for its node may still forget it.
 * Remembers what it has seen, so that a decision that is taken back is noticed, too.
 * O(transactions) after an event that changed the outcomes on a disk, else O(1).
 */
class Atomicity implements Monitor {
  private readonly known: Map<string, Known>;
  private readonly outcomes: Map<number, Table<Outcome>>;
  private readonly decisions: Map<number, readonly Decision[]>;

  constructor(
    known: Map<string, Known>,
    outcomes: Map<number, Table<Outcome>>,
    decisions: Map<number, readonly Decision[]>,
  ) {
    this.known = known;
    this.outcomes = outcomes;
    this.decisions = decisions;
  }

  afterEvent(world: WorldView, node: number): Finding | null {
    const durable = durableOf(world, node);
    if (durable === null) return null;
    return (
      this.fromOutcomes(world, node, durable.outcomes) ??
      this.fromDecisions(world, node, durable.decisions)
    );
  }

  fork(): Atomicity {
    return new Atomicity(new Map(this.known), new Map(this.outcomes), new Map(this.decisions));
  }

  private fromOutcomes(world: WorldView, node: number, now?: Table<Outcome>): Finding | null {
    const before = this.outcomes.get(node);
    if (now === undefined || now.version === before?.version) return null;
    this.outcomes.set(node, now.fork());
    for (const [id, outcome] of now.entries()) {
      if (before?.get(id) === outcome) continue;
      const finding = this.learn(world, node, id, outcome);
      if (finding !== null) return finding;
    }
    return null;
  }

  private fromDecisions(world: WorldView, node: number, now?: readonly Decision[]): Finding | null {
    const before = this.decisions.get(node);
    if (now === undefined || now === before) return null;
    this.decisions.set(node, now);
    for (const { id } of now) {
      const finding = this.learn(world, node, id, 'committed');
      if (finding !== null) return finding;
    }
    return null;
  }

  private learn(world: WorldView, node: number, id: string, outcome: Outcome): Finding | null {
    const known = this.known.get(id);
    const name = nameOf(world, node);
    if (known === undefined) {
      this.known.set(id, { outcome, node: name, event: world.eventIndex });
      return null;
    }
    if (known.outcome === outcome) return null;
    const facts: Fact[] = [
      { text: `${known.node} has ${known.outcome} ${id}`, node: known.node, event: known.event },
      { text: `${name} has ${outcome} ${id}`, node: name, event: world.eventIndex },
    ];
    const first = `${known.outcome} on the disk of ${known.node}`;
    const message = `${id} is ${first} and ${outcome} on that of ${name}`;
    return { message, facts, witness: outcome };
  }
}
