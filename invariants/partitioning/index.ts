/** Every key has one owner, and is somewhere; what is served is not replaced. */
import type { Finding, Invariant, Monitor } from '../../sim/engine/monitor.ts';
import type { WorldView } from '../../sim/engine/view.ts';
import type { RangeOptions } from '../../protocols/partitioning/ranges/options.ts';
import type { Held, RangeState } from '../../protocols/partitioning/ranges/state.ts';

export const rangeInvariants: readonly Invariant[] = [
  {
    id: 'partitioning/one-owner',
    title: 'a key has exactly one owner per epoch, and no two nodes serve it at the same time',
    source: 'Bigtable (OSDI 2006), §5; MIT 6.5840, lab 5',
    create: () => oneOwner,
  },
  {
    id: 'partitioning/nothing-lost',
    title: 'every key is in a range that is on some disk, also while ranges move',
    source: 'MIT 6.5840, lab 5; scylladb/scylladb#2308',
    create: () => new NothingLost(new Map()),
  },
  {
    id: 'partitioning/served-ranges-stay',
    title: 'the log time of a range that is served does not go back',
    source: 'cockroachdb/cockroach#7600, #1644',
    create: () => new ServedRangesStay(new Map()),
  },
];

function stateOf(world: WorldView, node: number): RangeState | null {
  return (world.nodes[node]?.state ?? null) as RangeState | null;
}

/** From one key up to another; null: without end. */
type Extent = Pick<Held, 'start' | 'end'>;

function overlap(a: Held, b: Held): boolean {
  return (b.end === null || a.start < b.end) && (a.end === null || b.start < a.end);
}

/** O(ranges of this node × ranges); it has nothing to remember. */
const oneOwner: Monitor = {
  afterEvent(world: WorldView, node: number): Finding | null {
    const own = (stateOf(world, node)?.held ?? []).filter(({ phase }) => phase === 'serving');
    if (own.length === 0) return null;
    for (const other of world.nodes) {
      if (other.index === node) continue;
      for (const theirs of stateOf(world, other.index)?.held ?? []) {
        if (theirs.phase !== 'serving') continue;
        const mine = own.find((one) => overlap(one, theirs));
        if (mine === undefined) continue;
        const name = world.nodeIds[node] ?? '';
        const first = `${other.id} serves ${told(theirs)}`;
        const second = `${name} serves ${told(mine)}`;
        return {
          message: `${first}, and ${second}`,
          facts: [
            { text: first, node: other.id },
            { text: second, node: name, event: world.eventIndex },
          ],
          witness: 'owners',
        };
      }
    }
    return null;
  },
  fork: () => oneOwner,
};

/** O(ranges of all nodes). Remembers what each node begins with: that needs no disk. */
class NothingLost implements Monitor {
  private readonly first: Map<number, readonly Extent[]>;

  constructor(first: Map<number, readonly Extent[]>) {
    this.first = first;
  }

  afterEvent(world: WorldView, node: number): Finding | null {
    if (this.first.size < world.nodes.length) {
      for (const { index } of world.nodes) {
        const held = stateOf(world, index)?.held;
        if (held === undefined || this.first.has(index)) continue;
        this.first.set(
          index,
          held.map(({ start, end }) => ({ start, end })),
        );
      }
      if (this.first.size < world.nodes.length) return null;
    }
    const all = world.nodes.flatMap(({ index, durable }) => {
      const { held } = (durable ?? {}) as Partial<RangeState>;
      return held ?? this.first.get(index) ?? [];
    });
    const gap = firstGap(all);
    if (gap === null) return null;
    const name = world.nodeIds[node] ?? '';
    const message = `the keys from ${JSON.stringify(gap)} on are on no disk`;
    return { message, facts: [{ text: message, node: name, event: world.eventIndex }] };
  }

  fork(): NothingLost {
    return new NothingLost(new Map(this.first));
  }
}

/** Where the first key is that is in no range; null: there is none. */
function firstGap(extents: readonly Extent[]): string | null {
  const sorted = extents.toSorted((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
  let covered = '';
  for (const { start, end } of sorted) {
    if (start > covered) return covered;
    if (end === null) return null;
    if (end > covered) covered = end;
  }
  return covered;
}

/** O(ranges of this node). */
class ServedRangesStay implements Monitor {
  /** By node and start: the epoch, and how far the sessions of its clients had come. */
  private readonly seen: Map<string, { readonly epoch: number; readonly answered: number }>;

  constructor(seen: Map<string, { readonly epoch: number; readonly answered: number }>) {
    this.seen = seen;
  }

  afterEvent(world: WorldView, node: number): Finding | null {
    for (const { start, epoch, phase, machine } of stateOf(world, node)?.held ?? []) {
      const key = `${node}/${start}`;
      if (phase !== 'serving') continue;
      const { sessions } = machine.snapshot();
      const answered = sessions.reduce((sum, { sequence }) => sum + sequence + 1, 0);
      const known = this.seen.get(key);
      this.seen.set(key, { epoch, answered });
      if (known?.epoch !== epoch || answered >= known.answered) continue;
      // After a crash what was not written yet is gone: nobody has heard of it.
      if (world.nodes[node]?.state !== null && this.isRestart(world, node)) continue;
      const name = world.nodeIds[node] ?? '';
      const message = `${name} serves [${start}.. @${epoch} as it was before its last answers`;
      return { message, facts: [{ text: message, node: name, event: world.eventIndex }] };
    }
    return null;
  }

  fork(): ServedRangesStay {
    return new ServedRangesStay(new Map(this.seen));
  }

  private isRestart(world: WorldView, node: number): boolean {
    const key = `${node}/life`;
    const life = world.nodes[node]?.incarnation ?? 0;
    const known = this.seen.get(key)?.epoch ?? 0;
    this.seen.set(key, { epoch: life, answered: 0 });
    return life !== known;
  }
}

/** `[k2..k5) @3` */
function told({ start, end, epoch }: Held): string {
  return `[${start}..${end ?? ''}) @${epoch}`;
}

/** What is lost with an unreplicated directory: asked for by scenarios, promised by nobody. */
export const reachable: Invariant = {
  id: 'partitioning/reachable',
  title: 'a router finds whoever serves a key before its patience ends',
  source: 'Bigtable (OSDI 2006), §5.1: the root of the directory is in Chubby',
  create: () => reachableMonitor,
};

/** O(requests that this node routes). */
const reachableMonitor: Monitor = {
  afterEvent(world: WorldView, node: number): Finding | null {
    const state = stateOf(world, node);
    const { patience = 0 } = (state?.options ?? {}) as Partial<RangeOptions>;
    const late = state?.routed.find(({ ticks }) => ticks >= patience);
    if (late === undefined) return null;
    const name = world.nodeIds[node] ?? '';
    const { client, command } = late.request;
    const message = `${name} finds no owner for ${client}'s ${command.type} in ${late.ticks} tries`;
    return { message, facts: [{ text: message, node: name, event: world.eventIndex }] };
  },
  fork: () => reachableMonitor,
};
