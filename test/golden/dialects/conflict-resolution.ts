/** How conversations speak of replicas that write on their own and merge. */
import { erase } from '../../../sim/engine/index.ts';
import type { Table } from '../../../protocols/common/table.ts';
import { conflictResolution } from '../../../protocols/conflict-resolution/index.ts';
import type { Item } from '../../../protocols/conflict-resolution/messages.ts';
import {
  defaultOptions,
  type ConflictOptions,
} from '../../../protocols/conflict-resolution/options.ts';
import { paperRules, type ConflictRules } from '../../../protocols/conflict-resolution/rules.ts';
import type { ConflictState } from '../../../protocols/conflict-resolution/state.ts';
import { typeNames } from '../../../protocols/conflict-resolution/types/index.ts';
import type { Vector } from '../../../protocols/conflict-resolution/vectors.ts';
import type { Dialect } from '../dialect.ts';

interface Memory {
  readonly items: Table<Item>;
  readonly conflicts: number;
  readonly acknowledged: Readonly<Record<string, number>>;
}

const numbers: Readonly<Record<string, keyof ConflictOptions>> = { deltas_kept: 'deltasKept' };

export const conflictDialect: Dialect<ConflictState, Memory> = {
  protocol: (rules) => erase(conflictResolution(rules as ConflictRules | undefined)),
  options: () => defaultOptions,
  flags: {
    ...Object.fromEntries(typeNames.map((type) => [type, { type }])),
    physical: { clock: 'physical' },
    logical: { clock: 'logical' },
    delta: { gossip: 'delta' },
    not_deduplicated: { deduplicate: false },
  },
  numbers,
  names: {},
  commands: ['add', 'remove'],
  timeout: 'gossip',
  parseDisk() {
    throw new Error('there are no logs here: put what the disks hold there by requests');
  },
  summary: ({ conflicts }) => `replica conflicts=${conflicts}`,
  details: (state) => {
    const { clock, changes, lastChange, acknowledged } = state;
    const peers = Object.entries(acknowledged).map(([name, upTo]) => `${name}=${upTo}`);
    const kept = state.options.gossip === 'state' ? '' : ` changes=${changes.length}/${lastChange}`;
    const known = peers.length === 0 ? '' : ` acknowledged: ${peers.join(' ')}`;
    return [`clock=${JSON.stringify(clock)}${kept}${known}`, ...itemLines(state)];
  },
  remember: ({ items, conflicts, acknowledged }) => ({
    items: items.fork(),
    conflicts,
    acknowledged: { ...acknowledged },
  }),
  changes(before, state) {
    const told: string[] = [];
    for (const [key, item] of sorted(state.items)) {
      if (before.items.get(key) === item) continue;
      told.push(`holds ${key}=${valueOf(state, item)} of ${vectorText(item.updates)}`);
    }
    for (const [key] of sorted(before.items)) {
      if (state.items.get(key) === undefined) told.push(`forgets ${key}`);
    }
    for (const [name, upTo] of Object.entries(state.acknowledged)) {
      if (upTo !== before.acknowledged[name]) told.push(`knows that ${name} has change ${upTo}`);
    }
    return told;
  },
  awakening: (state) => `its disk had ${itemLines(state).join(', ') || 'nothing'}`,
  logLine: () => '(no log)',
  logEntries: () => [],
  values: (state) =>
    sorted(state.items).map(([key, item]) => [key, typeOf(state).value(item.state)] as const),
};

/** Rules of a test do not change what a client reads. */
function typeOf({ options }: ConflictState) {
  return paperRules.types[options.type];
}

function valueOf(state: ConflictState, item: Item): string {
  return JSON.stringify(typeOf(state).value(item.state));
}

function itemLines(state: ConflictState): string[] {
  return sorted(state.items).map(
    ([key, item]) => `${key}=${valueOf(state, item)} of ${vectorText(item.updates)}`,
  );
}

function sorted(items: Table<Item>): (readonly [string, Item])[] {
  return [...items.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function vectorText(updates: Vector): string {
  return `{${Object.entries(updates)
    .map(([node, count]) => `${node}:${count}`)
    .join()}}`;
}
