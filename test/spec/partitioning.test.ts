/** The specification's unit test template for consistent hashing. */
import { expect, test } from 'vitest';
import { ConsistentHashRing } from '../../protocols/partitioning/ring.ts';

test('a key has an owner, and a third node takes about a third of the keys', () => {
  const ring = new ConsistentHashRing({ virtualNodes: 100 });
  ring.addNode('node-1');
  ring.addNode('node-2');
  expect(['node-1', 'node-2']).toContain(ring.getNode('user:123'));

  const keys = Array.from({ length: 10_000 }, (_, i) => `user:${i}`);
  const before = keys.map((key) => ring.getNode(key));
  ring.addNode('node-3');
  const moved = keys.filter((key, i) => ring.getNode(key) !== before[i]);
  expect(moved.every((key) => ring.getNode(key) === 'node-3')).toBe(true);
  expect(moved.length / keys.length).toBeGreaterThan(1 / 4);
  expect(moved.length / keys.length).toBeLessThan(5 / 12);
});
