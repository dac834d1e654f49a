/** Sagas: all steps or, in the end, none; each once; taken back in reverse. */
import type { Finding, Invariant, Monitor } from '../../sim/engine/monitor.ts';
import type { WorldView } from '../../sim/engine/view.ts';
import type { Plain } from '../../sim/engine/protocol.ts';
import type { Table } from '../../protocols/common/table.ts';
import type { LedgerEntry, SagaState } from '../../protocols/transactions/saga/state.ts';
import { nameOf } from './nodes.ts';

export const sagaInvariants: readonly Invariant[] = [
  {
    id: 'saga/nothing-left-behind',
    title: "a step that is done is known to its saga's log, and a compensated saga has none left",
    source: 'Garcia-Molina and Salem 1987, §2 and §4',
    create: () => new LedgerMonitor(leftBehind, new Map()),
  },
  {
    id: 'saga/taken-back-in-reverse',
    title: 'no step is taken back before those that came after it',
    source: 'Garcia-Molina and Salem 1987, §2',
    create: () => new LedgerMonitor(outOfOrder, new Map()),
  },
  {
    id: 'saga/steps-once',
    title: 'no element of a transaction is twice in a list',
    source: 'Garcia-Molina and Salem 1987, §3',
    create: () => new RepeatMonitor(new Map()),
  },
];

/** What is wrong with a step (`n1.1.1/0`) that has just changed on a disk. */
type Check = (world: WorldView, saga: string, index: number, entry: LedgerEntry) => string | null;

function durableOf(world: WorldView, node: number): Partial<SagaState> | null {
  return world.nodes[node]?.durable ?? null;
}

/** O(steps) after an event that changed the ledger on a disk, else O(1). */
class LedgerMonitor implements Monitor {
  private readonly check: Check;
  private readonly seen: Map<number, Table<LedgerEntry>>;

  constructor(check: Check, seen: Map<number, Table<LedgerEntry>>) {
    this.check = check;
    this.seen = seen;
  }

  afterEvent(world: WorldView, node: number): Finding | null {
    const ledger = durableOf(world, node)?.ledger;
    const before = this.seen.get(node);
    if (ledger === undefined || ledger.version === before?.version) return null;
    this.seen.set(node, ledger.fork());
    for (const [name, entry] of ledger.entries()) {
      if (before?.get(name) === entry) continue;
      const at = name.lastIndexOf('/');
      const problem = this.check(world, name.slice(0, at), Number(name.slice(at + 1)), entry);
      if (problem === null) continue;
      const who = nameOf(world, node);
      const message = `${who}, step ${name}: ${problem}`;
      return { message, facts: [{ text: message, node: who, event: world.eventIndex }] };
    }
    return null;
  }

  fork(): LedgerMonitor {
    return new LedgerMonitor(this.check, new Map(this.seen));
  }
}

function recordOf(world: WorldView, saga: string) {
  const orchestrator = world.nodeIds.indexOf(saga.slice(0, saga.indexOf('.')));
  return durableOf(world, orchestrator)?.log?.get(saga);
}

function leftBehind(
  world: WorldView,
  saga: string,
  _index: number,
  entry: LedgerEntry,
): string | null {
  if (entry.state !== 'done') return null;
  const record = recordOf(world, saga);
  if (record === undefined) return 'it is done, and no log knows of its saga';
  return record.phase === 'compensated' ? 'it is done, and its saga has been taken back' : null;
}

function outOfOrder(
  world: WorldView,
  saga: string,
  index: number,
  entry: LedgerEntry,
): string | null {
  if (entry.state !== 'undone') return null;
  for (const { index: node } of world.nodes) {
    for (const [name, { state }] of durableOf(world, node)?.ledger?.entries() ?? []) {
      if (state !== 'done' || !name.startsWith(`${saga}/`)) continue;
      const other = Number(name.slice(saga.length + 1));
      if (other > index) return `it is taken back, and step ${other} is not`;
    }
  }
  return null;
}

/** O(elements) of the lists that changed. Workloads append every element once. */
class RepeatMonitor implements Monitor {
  private readonly seen: Map<number, Table<Plain>>;

  constructor(seen: Map<number, Table<Plain>>) {
    this.seen = seen;
  }

  afterEvent(world: WorldView, node: number): Finding | null {
    const values = durableOf(world, node)?.values;
    const before = this.seen.get(node);
    if (values === undefined || values.version === before?.version) return null;
    this.seen.set(node, values.fork());
    for (const [key, list] of values.entries()) {
      if (!Array.isArray(list) || before?.get(key) === list) continue;
      if (new Set(list as readonly Plain[]).size === list.length) continue;
      const who = nameOf(world, node);
      const message = `${who} holds ${key}=${JSON.stringify(list)}: an element is there twice`;
      return { message, facts: [{ text: message, node: who, event: world.eventIndex }] };
    }
    return null;
  }

  fork(): RepeatMonitor {
    return new RepeatMonitor(new Map(this.seen));
  }
}
