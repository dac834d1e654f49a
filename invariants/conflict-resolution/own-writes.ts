/** What becomes of a write at the replica that makes it: it beats what was seen, and only that. */
import type { Finding, Invariant, Monitor } from '../../sim/engine/monitor.ts';
import type { Plain } from '../../sim/engine/protocol.ts';
import type { WorldView } from '../../sim/engine/view.ts';
import type { Item } from '../../protocols/conflict-resolution/messages.ts';
import type { ConflictOptions } from '../../protocols/conflict-resolution/options.ts';
import type { ConflictState } from '../../protocols/conflict-resolution/state.ts';
import type { Vector } from '../../protocols/conflict-resolution/vectors.ts';
import type { Table } from '../../protocols/common/table.ts';
import { includes, nameOf, stateOf } from './replicas.ts';

export const ownWriteWins: Invariant = {
  id: 'conflict-resolution/own-write-wins',
  title: 'a write wins over the version that its replica held (last writer wins)',
  source: 'Lamport 1978: what may have caused a write has an earlier timestamp',
  create: (world) => new OwnWrites(world, lostToSeen),
};

export const unseenStays: Invariant = {
  id: 'conflict-resolution/unseen-stays',
  title: 'a write takes the place only of siblings that its client had read or written',
  source: 'Preguiça et al., PODC 2012 (dotted version vectors)',
  create: (world) => new OwnWrites(world, lostUnseen),
};

/** A write: the item before and after, and what its client had seen. */
interface Written {
  readonly key: string;
  readonly client: string;
  readonly before: Item | undefined;
  readonly item: Item;
  readonly context: Plain;
}

type Check = (written: Written, self: string, type: ConflictOptions['type']) => string | null;

interface Seen {
  readonly incarnation: number;
  readonly items: Table<Item>;
  readonly writes: ConflictState['writes'];
  readonly contexts: Readonly<Record<string, Plain>>;
}

/** O(keys + clients) after an event in which a replica made an update, else O(1). */
class OwnWrites implements Monitor {
  private readonly check: Check;
  private readonly type: ConflictOptions['type'];
  private seen = new Map<number, Seen>();

  constructor({ options }: Pick<WorldView, 'options'>, check: Check) {
    this.check = check;
    this.type = (options as ConflictOptions).type;
  }

  afterEvent(world: WorldView, node: number): Finding | null {
    const state = stateOf(world, node);
    if (state === null) return null;
    const { items, writes, seen: contexts, self } = state;
    const incarnation = world.nodes[node]?.incarnation ?? 0;
    const last = this.seen.get(node);
    const isSame = last?.incarnation === incarnation;
    const now = {
      incarnation,
      items: items.fork(),
      writes: writes.fork(),
      contexts: { ...contexts },
    };
    this.seen.set(node, now);
    if (!isSame || last.writes.version === writes.version) return null;
    const client = [...writes.entries()].find(([name, one]) => last.writes.get(name) !== one)?.[0];
    for (const [key, item] of items.entries()) {
      const before = last.items.get(key);
      const isOwn = (item.updates[self] ?? 0) > (before?.updates[self] ?? 0);
      if (client === undefined || !isOwn) continue;
      const context = last.contexts[`${client}/${key}`] ?? null;
      const message = this.check({ key, client, before, item, context }, self, this.type);
      if (message === null) continue;
      const name = nameOf(world, node);
      const facts = [before, item].map((one, i) => ({
        text: `${name} ${i === 0 ? 'had' : 'has'} ${JSON.stringify(one?.state ?? null)}`,
        node: name,
        ...(i === 1 ? { event: world.eventIndex } : {}),
      }));
      return { message: `${name} ${message}`, facts };
    }
    return null;
  }

  fork(): OwnWrites {
    const copy = new OwnWrites({ options: { type: this.type } }, this.check);
    copy.seen = new Map(this.seen);
    return copy;
  }
}

function lostToSeen({ key, client, item }: Written, self: string, type: string): string | null {
  if (type !== 'lww-register') return null;
  const winner = item.state as { readonly node: string; readonly counter: number } | null;
  if (winner?.node === self && winner.counter === item.updates[self]) return null;
  return `confirms a write of ${key} by ${client}, and keeps the version that it had before`;
}

function lostUnseen(written: Written, _self: string, type: string): string | null {
  const { key, client, before, item, context } = written;
  const [had, has] = [siblings(type, before), siblings(type, item)];
  const lost = had.find(({ id, vector }) => {
    if (has.some((other) => other.id === id)) return false;
    if (vector === null) return !((context ?? []) as readonly string[]).includes(id);
    return !includes({ ...(context as Vector | null), [client]: Infinity }, vector);
  });
  if (lost === undefined) return null;
  return `drops a version of ${key} (${lost.id}) for a write of ${client}, who had not seen it`;
}

/** Versions that are side by side; by vector, or (null) by dot. */
function siblings(type: string, item: Item | undefined) {
  const state = item?.state ?? null;
  if (state === null) return [];
  if (type === 'version-vectors') {
    const versions = state as unknown as readonly { readonly vector: Vector }[];
    return versions.map(({ vector }) => ({ id: JSON.stringify(vector), vector }));
  }
  if (type !== 'mv-register') return [];
  const { dots } = state as unknown as { readonly dots: object };
  return Object.keys(dots).map((id) => ({ id, vector: null }));
}
