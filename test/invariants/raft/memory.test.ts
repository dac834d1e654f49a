/** What the monitors remember does not grow with the length of a run. */
import { describe, expect, test } from 'vitest';
import { raftInvariants } from '../../../invariants/raft/index.ts';
import { logMatching } from '../../../invariants/raft/log-matching.ts';
import { stateMachineSafety } from '../../../invariants/raft/state-machine-safety.ts';
import { run, type World } from '../../../sim/engine/index.ts';
import { Cluster, noOp } from '../../helpers/raft-cluster.ts';
import { raftWorld } from '../../helpers/raft-world.ts';

/** How many objects hang on a value. */
function reachable(root: unknown): number {
  const seen = new Set<object>();
  const open: unknown[] = [root];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    if (value instanceof Map) open.push(...value.values());
    else for (const member of Object.values(value)) open.push(member);
  }
  return seen.size;
}

/** The most that the monitors of a world hold while so many events happen. */
function peak(world: World, events: number): number {
  let most = 0;
  for (let i = 0; i < 20; i++) {
    run(world, { untilUs: Infinity, maxEvents: events / 20 });
    const held = world.watchers.map(({ monitor }) => reachable(monitor));
    most = Math.max(most, ...held);
  }
  return most;
}

describe('in a run with compaction (seed 7)', () => {
  test('the first part of it takes as much memory as any later one', () => {
    const world = raftWorld({
      seed: '7',
      nodes: 5,
      clients: 4,
      options: { snapshotThreshold: 40 },
      network: { lossPpm: 10_000 },
      invariants: raftInvariants,
    });
    const first = peak(world, 20_000);
    peak(world, 20_000);
    expect(world.violation).toBeNull();
    expect(peak(world, 20_000)).toBeLessThan(first * 1.2);
  });
});

describe.each([logMatching, stateMachineSafety].map((one) => [one.id, one] as const))(
  '%s',
  (_id, invariant) => {
    test('forgets what all servers have compacted', () => {
      const cluster = new Cluster(2, invariant);
      replicate(cluster, [0, 1], 1, 100);
      const before = reachable(cluster.monitor);
      for (const node of [0, 1]) cluster.state(node).log.compact(90);
      for (const node of [0, 1]) cluster.append(node, 1);
      expect(reachable(cluster.monitor)).toBeLessThan(before - 150);
    });

    test('does not wait for ever for a server that never compacts', () => {
      const cluster = new Cluster(3, invariant);
      replicate(cluster, [0, 1, 2], 1, 10);
      const sizes: number[] = [];
      for (let from = 11; from < 40_000; from += 1000) {
        replicate(cluster, [0, 1], from, from + 999);
        for (const node of [0, 1]) {
          cluster.state(node).log.compact(from + 900);
          cluster.event(node);
        }
        sizes.push(reachable(cluster.monitor));
      }
      expect(sizes[sizes.length - 1]).toBeLessThan((sizes[12] ?? 0) * 1.1);
    });
  },
);

/** The servers append and apply the same entries at these positions. */
function replicate(cluster: Cluster, nodes: readonly number[], from: number, to: number): void {
  for (let index = from; index <= to; index++) {
    const entry = noOp(1);
    for (const node of nodes) {
      cluster.state(node).log.append(entry);
      if (cluster.apply(node, index) !== null) throw new Error(`violated at index ${index}`);
    }
  }
}
