/** Partitions: each is one rule of the network, asked before any message leaves. */
import { drop, mix, pass } from '../engine/index.ts';
import type { Packet, Rule, Verdict, World } from '../engine/index.ts';
import { isolatedNodes } from './links.ts';
import type { PartitionFault } from './fault.ts';
import { namesOf } from './nodes.ts';
import type { Performed } from './performed.ts';
import { concrete, seversOf, type Concrete, type Severs } from './shapes.ts';

const PREFIX = 'cut: ';

/** Loses what crosses a cut, always or, when it flaps, in turns. It has no memory. */
export class CutRule implements Rule {
  readonly name: string;
  readonly severs: Severs;
  /** When it flaps: the length of a cut, of a cut and a pause together, and when it began. */
  private readonly turns: { downUs: number; periodUs: number; since: number } | null;

  constructor(world: World, cut: Concrete) {
    this.name = cutName(cut);
    this.severs = seversOf(world, cut);
    this.turns =
      cut.kind === 'flapping'
        ? { downUs: cut.downUs, periodUs: cut.downUs + cut.upUs, since: world.now }
        : null;
  }

  get flaps(): boolean {
    return this.turns !== null;
  }

  judge({ from, to, now }: Packet): Verdict {
    if (!this.severs(from, to)) return pass;
    if (this.turns !== null && this.phase(now) >= this.turns.downUs) return pass;
    return drop;
  }

  hash(now: number): number {
    return this.turns === null ? 0 : mix(1, this.phase(now));
  }

  fork(): this {
    return this;
  }

  private phase(now: number): number {
    if (this.turns === null) return 0;
    return (now - this.turns.since) % this.turns.periodUs;
  }
}

/** Cuts; the same cut twice is one cut. */
export function performPartition(world: World, fault: PartitionFault): Performed {
  const { network } = world;
  if (fault.kind === 'random-partition' && cutsInForce(world).length > 0) {
    return { done: { ...fault, skipped: 'another cut is in force' }, undo: null };
  }
  const cut = concrete(world, fault);
  if (cut === null) return { done: { ...fault, skipped: 'it would cut nothing' }, undo: null };
  if (network.has(cutName(cut))) return { done: cut, undo: null };
  network.add(new CutRule(world, cut));
  logCuts(world, 'partition_detected');
  return { done: cut, undo: { kind: 'end', what: cut.kind, fault: cut } };
}

/** Ends one cut, or all; returns what each was. */
export function endPartitions(world: World, only: Concrete | null = null): string[] {
  const wanted = only === null ? null : cutName(only);
  const gone = world.network.remove((name) =>
    wanted === null ? name.startsWith(PREFIX) : name === wanted,
  );
  if (gone.length > 0) logCuts(world, 'partition_healed');
  return gone.map((name) => name.slice(PREFIX.length));
}

export function cutsInForce(world: World): CutRule[] {
  return world.network.inForce.filter((rule) => rule instanceof CutRule);
}

/** `cut: n1,n2 | n3,n4,n5`: who dropped a message, and the same for the same cut. */
function cutName(cut: Concrete): string {
  switch (cut.kind) {
    case 'partition':
      return PREFIX + sidesText(cut.sides);
    case 'bridge':
      return `${PREFIX}${sidesText(cut.sides)}, bridged by ${cut.bridge.join(',')}`;
    case 'flapping':
      return `${PREFIX}${sidesText(cut.sides)}, flapping ${cut.downUs}/${cut.upUs} us`;
    case 'isolate':
      return `${PREFIX}isolated ${cut.nodes.join(',')}`;
    case 'one-way':
      return `${PREFIX}${cut.from.join(',')} -> ${cut.to.join(',')}`;
    case 'majorities-ring':
      return `${PREFIX}majorities ring`;
  }
}

function sidesText(sides: readonly (readonly string[])[]): string {
  return sides.map((side) => side.join(',')).join(' | ');
}

/** The network's own view: who is outside the largest group now. */
function logCuts(world: World, event: 'partition_detected' | 'partition_healed'): void {
  // Searches look at no log, and cut and heal often.
  if (world.observer?.onLog === undefined) return;
  const cuts = cutsInForce(world);
  const severed: Severs = (from, to) => cuts.some((cut) => cut.severs(from, to));
  const isolated = namesOf(world, isolatedNodes(world.nodes.length, severed));
  world.log(-1, {
    level: event === 'partition_detected' ? 'WARN' : 'INFO',
    event,
    context: { isolated_nodes: isolated },
  });
}
