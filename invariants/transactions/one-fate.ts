/** A request is committed once and for ever, in one attempt that nobody has ended. */
import type { Finding, Invariant, Monitor } from '../../sim/engine/monitor.ts';
import type { Plain } from '../../sim/engine/protocol.ts';
import type { WorldView } from '../../sim/engine/view.ts';
import type { Machine } from '../../protocols/common/state-machine.ts';
import type {
  ReplicatedState,
  TransactionRecord,
} from '../../protocols/transactions/replicated/state.ts';
import { nameOf } from './nodes.ts';

export const oneFate: Invariant = {
  id: 'transactions/one-fate',
  title: 'every replica knows the same attempt of a request as committed, and it stays so',
  source: 'Gray and Lamport 2006, §3 and §4: stability and consistency',
  create: () => new OneFate(new Map(), new Map()),
};

/** O(keys) after an event that changed what a replica has applied, else O(groups). */
class OneFate implements Monitor {
  /** By record: the attempt that is committed. */
  private readonly committed: Map<string, string>;
  /** By node and group: the content that was looked at last. */
  private readonly seen: Map<string, number>;

  constructor(committed: Map<string, string>, seen: Map<string, number>) {
    this.committed = committed;
    this.seen = seen;
  }

  afterEvent(world: WorldView, node: number): Finding | null {
    const state = (world.nodes[node]?.state ?? null) as ReplicatedState | null;
    for (const [group, inner] of Object.entries(state?.groups ?? {})) {
      const { machine } = inner as { readonly machine: Machine };
      const place = `${node}/${group}`;
      if (this.seen.get(place) === machine.version) continue;
      this.seen.set(place, machine.version);
      for (const [key, value] of machine.snapshot().values) {
        const problem = key.startsWith('transaction/') ? this.learn(key, value) : null;
        if (problem === null) continue;
        const name = nameOf(world, node);
        const message = `${name}, ${group}: ${problem}`;
        return { message, facts: [{ text: message, node: name, event: world.eventIndex }] };
      }
    }
    return null;
  }

  fork(): OneFate {
    return new OneFate(new Map(this.committed), new Map(this.seen));
  }

  private learn(key: string, value: Plain): string | null {
    const { committed, aborted } = value as TransactionRecord;
    if (committed === null) return null;
    if (aborted.includes(committed.id)) return `${committed.id} is committed and aborted`;
    const known = this.committed.get(key) ?? committed.id;
    this.committed.set(key, known);
    return known === committed.id ? null : `${key} was ${known}'s, and is ${committed.id}'s`;
  }
}
