/** What placing keys costs: 1000 nodes, a million lookups; balance and movement beside it. */
import { JumpHash } from '../../protocols/partitioning/jump.ts';
import { ModuloHash } from '../../protocols/partitioning/modulo.ts';
import { RendezvousHash } from '../../protocols/partitioning/rendezvous.ts';
import { ConsistentHashRing } from '../../protocols/partitioning/ring.ts';

const NODES = 1000;
const VIRTUAL_NODES = 200;
const LOOKUPS = 1_000_000;

interface Placement {
  addNode(node: string): void;
  getNode(key: string): string | null;
}

interface Row {
  readonly buildCpuMs: number;
  readonly lookups: number;
  readonly lookupCpuNs: number;
  /** The most loaded node's keys, as a multiple of the mean; null: too few keys to tell. */
  readonly mostLoaded: number | null;
  /** The share of keys that move when one more node joins; 1/1001 is the least. */
  readonly moved: number;
  /** Of those, the share that moves between two old nodes. */
  readonly movedBetweenOldNodes: number;
}

/** `npm run bench -- ring [--json]`. */
export function ringBench(): object {
  const ring = () => new ConsistentHashRing({ virtualNodes: VIRTUAL_NODES });
  return {
    nodes: NODES,
    virtualNodes: VIRTUAL_NODES,
    leastMovement: 1 / (NODES + 1),
    ring: row(ring(), LOOKUPS),
    // A lookup asks all nodes: fewer of them.
    rendezvous: row(new RendezvousHash(), LOOKUPS / 500),
    jump: row(new JumpHash(), LOOKUPS),
    modulo: row(new ModuloHash(), LOOKUPS),
  };
}

function row(placement: Placement, lookups: number): Row {
  const keys = Array.from({ length: lookups }, (_, i) => `user:${i}`);
  const build = cpuMs(() => {
    for (let i = 0; i < NODES; i++) placement.addNode(`node-${i}`);
    placement.getNode('the first lookup makes the index');
  });
  const before = keys.map((key) => placement.getNode(key));
  let found = 0;
  const looking = cpuMs(() => {
    for (const key of keys) if (placement.getNode(key) !== null) found++;
  });
  const loads = new Map<string | null, number>();
  for (const owner of before) loads.set(owner, (loads.get(owner) ?? 0) + 1);
  placement.addNode('one more');
  const after = keys.map((key) => placement.getNode(key));
  const moved = after.filter((owner, i) => owner !== before[i]);
  return {
    buildCpuMs: build,
    lookups: found,
    lookupCpuNs: (looking * 1e6) / lookups,
    mostLoaded: lookups < 100 * NODES ? null : (Math.max(...loads.values()) * NODES) / lookups,
    moved: moved.length / lookups,
    movedBetweenOldNodes:
      moved.filter((owner) => owner !== 'one more').length / Math.max(1, moved.length),
  };
}

function cpuMs(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
