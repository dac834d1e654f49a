/** Rows of Percolator: one fate a transaction, timestamps in order, no update lost. */
import type { Finding, Invariant, Monitor } from '../../sim/engine/monitor.ts';
import type { WorldView } from '../../sim/engine/view.ts';
import type { Table } from '../../protocols/common/table.ts';
import type { PercolatorState, Row } from '../../protocols/transactions/percolator/state.ts';
import { nameOf } from './nodes.ts';

export const percolatorInvariants: readonly Invariant[] = [
  {
    id: 'percolator/atomicity',
    title: 'what is committed at one key is rolled back at none, and committed at one time only',
    source: 'Peng and Dabek 2010, §2.2, Commit',
    create: () => new RowMonitor(fates, new Map(), new Map()),
  },
  {
    id: 'percolator/timestamps-grow',
    title: 'a transaction commits after it began, and later than what its key already holds',
    source: 'Peng and Dabek 2010, §2.3',
    create: () => new RowMonitor(times, new Map(), new Map()),
  },
  {
    id: 'percolator/no-lost-update',
    title: 'who writes a key began after the version that it replaces was committed',
    source: 'Berenson et al. 1995, first committer wins; Peng and Dabek 2010, §2.2, Prewrite',
    create: () => new RowMonitor(updates, new Map(), new Map()),
  },
];

/** What is wrong with a row; `known` has what was seen of each transaction, by its start. */
type Check = (row: Row, known: Map<number, string>) => string | null;

/** Reads disks. O(keys + versions of the rows that changed) after an event that changed rows. */
class RowMonitor implements Monitor {
  private readonly check: Check;
  private readonly seen: Map<number, Table<Row>>;
  private readonly known: Map<number, string>;

  constructor(check: Check, seen: Map<number, Table<Row>>, known: Map<number, string>) {
    this.check = check;
    this.seen = seen;
    this.known = known;
  }

  afterEvent(world: WorldView, node: number): Finding | null {
    const durable: Partial<PercolatorState> | null = world.nodes[node]?.durable ?? null;
    const rows = durable?.rows;
    const before = this.seen.get(node);
    if (rows === undefined || rows.version === before?.version) return null;
    this.seen.set(node, rows.fork());
    for (const [key, row] of rows.entries()) {
      if (before?.get(key) === row) continue;
      const problem = this.check(row, this.known);
      if (problem === null) continue;
      const name = nameOf(world, node);
      const message = `${key} at ${name}: ${problem}`;
      return { message, facts: [{ text: message, node: name, event: world.eventIndex }] };
    }
    return null;
  }

  fork(): RowMonitor {
    return new RowMonitor(this.check, new Map(this.seen), new Map(this.known));
  }
}

function fates({ versions, rolledBack }: Row, known: Map<number, string>): string | null {
  const all = [
    ...versions.map(({ start, commit }) => [start, `committed at ${commit}`] as const),
    ...rolledBack.map((start) => [start, 'rolled back'] as const),
  ];
  for (const [start, fate] of all) {
    const before = known.get(start) ?? fate;
    known.set(start, before);
    if (before !== fate) return `the transaction of ${start} is ${fate}, and elsewhere ${before}`;
  }
  return null;
}

function times({ versions }: Row): string | null {
  for (const [i, { start, commit }] of versions.entries()) {
    if (commit <= start) return `the transaction of ${start} commits at ${commit}`;
    const before = versions[i - 1]?.commit ?? 0;
    if (commit <= before) return `the version of ${commit} comes after that of ${before}`;
  }
  return null;
}

function updates({ versions }: Row): string | null {
  for (const [i, { start, commit }] of versions.entries()) {
    const before = versions[i - 1]?.commit ?? 0;
    if (start < before) {
      return `the transaction of ${start} to ${commit} replaces a version of ${before} unseen`;
    }
  }
  return null;
}
