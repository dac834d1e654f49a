/** Watches a run: who leads, on how many nodes decisions are, what the network drops. */
import type { EventRecord, FaultAction, Observation } from '../../engine/index.ts';
import type { SendRecord, World, WorldView } from '../../engine/index.ts';
import type { RunObserver } from '../../trace/run-scenario.ts';

/** Two nodes that believed to lead at one time. */
export interface Overlap {
  readonly old: string;
  readonly oldEpoch: number;
  readonly fresh: string;
  readonly freshEpoch: number;
  /** How long it took until the old one no longer did, in milliseconds; null: it never ceased. */
  endedAfterMs: number | null;
  readonly sinceMs: number;
}

export const cuts: readonly string[] = [
  'partition',
  'isolate',
  'one-way',
  'bridge',
  'majorities-ring',
  'random-halves',
  'random-partition',
  'region-partition',
  'flapping',
];

export class Watch implements RunObserver {
  readonly overlaps: Overlap[] = [];
  /** Two nodes led one epoch. */
  sameEpoch: Overlap | null = null;
  /** Whether anybody ever led. */
  isLed = false;
  /** The fewest nodes that had a position in their log when somebody first knew it decided. */
  fewestCopies = Infinity;
  decided = 0;
  /** Voters are not all nodes, so that copies say nothing about quorums of all. */
  hasElectorates = false;
  readonly faults = new Map<string, number>();
  /** Messages that cuts dropped. */
  cutMessages = 0;
  lastFaultMs = 0;
  private world: World | null = null;
  private readonly leading = new Map<number, number>();
  private readonly lengths = new Map<number, number>();

  begin(world: World): void {
    this.world = world;
    for (let node = 0; node < world.nodes.length; node++) this.look(world, node);
  }

  afterEvent(world: WorldView, { event: { actor } }: EventRecord): void {
    if (actor >= 0 && actor < world.nodes.length) this.look(world, actor);
    else if (actor < 0) world.nodes.forEach((_, node) => this.look(world, node));
  }

  onSend({ dropped }: SendRecord): void {
    if (dropped?.startsWith('cut: ') === true) this.cutMessages++;
  }

  onFault({ kind }: FaultAction): void {
    this.faults.set(kind, (this.faults.get(kind) ?? 0) + 1);
    this.lastFaultMs = (this.world?.now ?? 0) / 1000;
  }

  /** How many cuts of the network there were. */
  get cutCount(): number {
    return cuts.reduce((sum, kind) => sum + (this.faults.get(kind) ?? 0), 0);
  }

  private look(world: WorldView, node: number): void {
    const { state, status } = world.nodes[node] as WorldView['nodes'][number];
    const observed = state === null || status === 'down' ? null : world.protocol.observe(state);
    this.lookAtLead(world, node, observed);
    if (observed !== null) this.lookAtLog(node, observed);
  }

  private lookAtLead(world: WorldView, node: number, observed: Observation | null): void {
    const epoch = observed?.leads === true ? observed.epoch : null;
    const before = this.leading.get(node);
    if (epoch === (before ?? null)) return;
    const nowMs = world.now / 1000;
    const name = world.nodeIds[node] as string;
    for (const overlap of this.overlaps) {
      if (overlap.old !== name || overlap.endedAfterMs !== null) continue;
      overlap.endedAfterMs = nowMs - overlap.sinceMs;
    }
    this.leading.delete(node);
    if (epoch === null) return;
    this.isLed = true;
    for (const [other, otherEpoch] of this.leading) {
      const old = world.nodeIds[other] as string;
      const isOlder = otherEpoch <= epoch;
      const [a, b] = isOlder ? [old, name] : [name, old];
      const [aEpoch, bEpoch] = isOlder ? [otherEpoch, epoch] : [epoch, otherEpoch];
      const overlap: Overlap = {
        old: a,
        oldEpoch: aEpoch,
        fresh: b,
        freshEpoch: bEpoch,
        endedAfterMs: null,
        sinceMs: nowMs,
      };
      this.overlaps.push(overlap);
      if (epoch === otherEpoch) this.sameEpoch ??= overlap;
    }
    this.leading.set(node, epoch);
  }

  /** A node that is down keeps its log; it counts with the length that it was last seen with. */
  private lookAtLog(node: number, { log, decided, electorates }: Observation): void {
    const all = this.world?.nodes.length ?? 0;
    if (electorates !== undefined) {
      this.hasElectorates ||= electorates.some((voters) => voters.length !== all);
    }
    if (log === null) return;
    this.lengths.set(node, log.lastIndex);
    if (decided <= this.decided) return;
    this.decided = decided;
    const copies = [...this.lengths.values()].filter((length) => length >= decided).length;
    this.fewestCopies = Math.min(this.fewestCopies, copies);
  }
}
