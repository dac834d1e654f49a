/** Placement of keys by hashing: balance, minimal movement, and what the bad example costs. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jumpHash, JumpHash } from '../../protocols/partitioning/jump.ts';
import { ModuloHash } from '../../protocols/partitioning/modulo.ts';
import { RendezvousHash } from '../../protocols/partitioning/rendezvous.ts';
import { ConsistentHashRing } from '../../protocols/partitioning/ring.ts';

const keys = Array.from({ length: 1000 }, (_, i) => `key-${i}`);
const names = (count: number) => Array.from({ length: count }, (_, i) => `node-${i}`);

interface Placement {
  addNode(node: string): void;
  removeNode(node: string): void;
  getNode(key: string): string | null;
}

function filled<P extends Placement>(placement: P, nodes: readonly string[]): P {
  for (const node of nodes) placement.addNode(node);
  return placement;
}

const owners = (placement: Placement) => keys.map((key) => placement.getNode(key));

const kinds: readonly (readonly [string, () => Placement])[] = [
  ['a ring', () => new ConsistentHashRing({ virtualNodes: 50 })],
  ['a small ring', () => new ConsistentHashRing({ virtualNodes: 20, ringSize: 997 })],
  ['rendezvous', () => new RendezvousHash()],
  ['jump', () => new JumpHash()],
];

const sets = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,6}$/), { minLength: 1, maxLength: 12 });

describe.each(kinds)('%s', (_name, make) => {
  test('moves keys only to who joins, and, when it leaves again, only back', () => {
    fc.assert(
      fc.property(sets, fc.stringMatching(/^[A-Z]{1,6}$/), (nodes, newcomer) => {
        const placement = filled(make(), nodes);
        const before = owners(placement);
        placement.addNode(newcomer);
        const during = owners(placement);
        expect(during.every((owner, i) => owner === before[i] || owner === newcomer)).toBe(true);
        placement.removeNode(newcomer);
        expect(owners(placement)).toEqual(before);
      }),
      { seed: 3, numRuns: 25 },
    );
  });

  test('moves about one of n keys when the n-th node joins', () => {
    for (const count of [2, 5, 10]) {
      const placement = filled(make(), names(count - 1));
      const before = owners(placement);
      placement.addNode('last');
      const after = owners(placement);
      const moved = after.filter((owner, i) => owner !== before[i]).length / keys.length;
      expect(moved).toBeGreaterThan(0.4 / count);
      expect(moved).toBeLessThan(1.6 / count);
    }
  });

  test('has no owner for a key when there are no nodes', () => {
    const placement = make();
    expect(placement.getNode('x')).toBeNull();
    placement.addNode('a');
    placement.removeNode('b');
    expect(placement.getNode('x')).toBe('a');
    placement.removeNode('a');
    expect(placement.getNode('x')).toBeNull();
  });
});

test('modulo moves nine of ten keys when a tenth node joins', () => {
  const placement = filled(new ModuloHash(), names(9));
  const before = owners(placement);
  placement.addNode('last');
  const moved = owners(placement).filter((owner, i) => owner !== before[i]).length;
  expect(moved / keys.length).toBeGreaterThan(0.85);
});

describe('a ring', () => {
  test('does not depend on the order in which nodes joined, nor on who has left', () => {
    fc.assert(
      fc.property(sets, fc.infiniteStream(fc.nat()), fc.nat(30), (nodes, order, size) => {
        const options = { virtualNodes: 8, ringSize: 50 + size };
        const one = filled(new ConsistentHashRing(options), nodes);
        const ranks = new Map(nodes.map((node) => [node, order.next().value as number]));
        const shuffled = nodes.toSorted((a, b) => (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0));
        const other = filled(new ConsistentHashRing(options), ['Left', ...shuffled]);
        other.removeNode('Left');
        expect(owners(other)).toEqual(owners(one));
      }),
      { seed: 5, numRuns: 50 },
    );
  });

  test('gives a key to the first place at its position or behind it', () => {
    fc.assert(
      fc.property(sets, fc.integer({ min: 1, max: 200 }), (nodes, ringSize) => {
        const ring = filled(new ConsistentHashRing({ virtualNodes: 3, ringSize }), nodes);
        for (const key of keys.slice(0, 20)) {
          // The owner keeps the key when all the others leave, one by one.
          const owner = ring.getNode(key) ?? '';
          const rest = filled(new ConsistentHashRing({ virtualNodes: 3, ringSize }), nodes);
          for (const node of nodes.filter((other) => other !== owner)) {
            rest.removeNode(node);
            expect(rest.getNode(key)).toBe(owner);
          }
        }
      }),
      { seed: 9, numRuns: 30 },
    );
  });

  test('names different nodes for the copies of a key, the owner first', () => {
    const ring = filled(new ConsistentHashRing({ virtualNodes: 20 }), names(7));
    for (const key of keys.slice(0, 50)) {
      const found = ring.getNodes(key, 3);
      expect(found[0]).toBe(ring.getNode(key));
      expect(new Set(found).size).toBe(3);
      // Who loses its first copy finds the key at the second.
      const rest = filled(new ConsistentHashRing({ virtualNodes: 20 }), names(7));
      rest.removeNode(found[0] ?? '');
      expect(rest.getNodes(key, 2)).toEqual(found.slice(1));
    }
    expect(ring.getNodes('x', 100)).toHaveLength(7);
    expect(ring.getNodes('x', 0)).toEqual([]);
  });

  test('balances better the more virtual nodes it has', () => {
    const spread = (virtualNodes: number) => {
      const ring = filled(new ConsistentHashRing({ virtualNodes }), names(50));
      return Math.max(...ring.shares().values()) * 50;
    };
    expect(spread(1)).toBeGreaterThan(2.5);
    expect(spread(200)).toBeLessThan(1.25);
    expect(spread(1000)).toBeLessThan(1.12);
  });

  test('gives a node of weight 3 three times as much; a new weight moves nothing else', () => {
    const ring = filled(new ConsistentHashRing({ virtualNodes: 200 }), names(4));
    const light = owners(ring);
    ring.addNode('node-0', 3);
    const heavy = owners(ring);
    expect(heavy.every((owner, i) => owner === light[i] || owner === 'node-0')).toBe(true);
    expect(ring.shares().get('node-0')).toBeGreaterThan(0.44);
    expect(ring.shares().get('node-0')).toBeLessThan(0.56);
    ring.addNode('node-0', 1);
    expect(owners(ring)).toEqual(light);
  });

  test('divides all of itself among its nodes', () => {
    const ring = filled(new ConsistentHashRing({ virtualNodes: 10 }), names(5));
    const total = [...ring.shares().values()].reduce((sum, share) => sum + share, 0);
    expect(total).toBeCloseTo(1, 9);
  });
});

describe('jump hashing', () => {
  test.each([
    [1, 1, 0],
    [42, 57, 43],
    [0xdead10cc, 1, 0],
    [0xdead10cc, 666, 361],
    [256, 1024, 520],
  ])('puts %i into one of %i buckets as other implementations do', (key, buckets, bucket) => {
    expect(jumpHash(0, key, buckets)).toBe(bucket);
  });

  test("is the paper's Figure 1 for every 64-bit key", () => {
    const key = fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn });
    fc.assert(
      fc.property(key, fc.integer({ min: 1, max: 100_000 }), (wide, buckets) => {
        const halves = [Number(wide >> 32n), Number(wide & 0xffff_ffffn)] as const;
        expect(jumpHash(...halves, buckets)).toBe(figure1(wide, buckets));
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});

/** The paper's own code, with integers of any size. */
function figure1(wide: bigint, buckets: number): number {
  let key = wide;
  let b = -1;
  let j = 0;
  while (j < buckets) {
    b = j;
    key = BigInt.asUintN(64, key * 2862933555777941757n + 1n);
    j = Math.floor((b + 1) * (Number(1n << 31n) / Number((key >> 33n) + 1n)));
  }
  return b;
}
