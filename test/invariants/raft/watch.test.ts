/** Several invariants share one look at a server, and still answer each for itself. */
import { describe, expect, test } from 'vitest';
import { figure3, raftInvariants } from '../../../invariants/raft/index.ts';
import { logMatching } from '../../../invariants/raft/log-matching.ts';
import { stateMachineSafety } from '../../../invariants/raft/state-machine-safety.ts';
import { createWatchers, fingerprintText, run } from '../../../sim/engine/index.ts';
import { Cluster, put } from '../../helpers/raft-cluster.ts';
import { raftWorld } from '../../helpers/raft-world.ts';

describe('invariants watched together', () => {
  test('are one monitor, and liveness is another', () => {
    const watchers = createWatchers(raftInvariants, new Cluster(3, logMatching));
    expect(watchers.map(({ id }) => id)).toEqual(['raft/election-safety', 'raft/liveness']);
  });

  test('name the one that is broken, whichever of them are asked for', () => {
    for (const invariants of [figure3, [stateMachineSafety, logMatching], [logMatching]]) {
      const cluster = new Cluster(2, logMatching);
      const [watcher] = createWatchers(invariants, cluster);
      if (watcher !== undefined) cluster.monitor = watcher.monitor;
      cluster.append(0, put(1, 7));
      expect(cluster.append(1, put(1, 9))?.invariant).toBe('raft/log-matching');
    }
  });

  test('ids and titles are different and say what could be false', () => {
    expect(new Set(raftInvariants.map(({ id }) => id)).size).toBe(raftInvariants.length);
    for (const { id, title, source } of raftInvariants) {
      expect(id).toMatch(/^raft\/[a-z-]+$/);
      expect(title).toMatch(/^[a-z].{20,}[^.]$/);
      expect(source).toMatch(/Raft/);
    }
  });

  test('do not depend on when things happened, only on what', () => {
    const hashes = [0, 5].map((idle) => {
      const cluster = new Cluster(2, logMatching);
      const [watcher] = createWatchers(figure3, cluster);
      if (watcher !== undefined) cluster.monitor = watcher.monitor;
      for (let i = 0; i < idle; i++) cluster.event(1);
      cluster.elect(0, 1);
      cluster.append(0, put(1, 7));
      cluster.append(1, put(1, 7));
      cluster.apply(0, 1);
      return cluster.monitor.hash?.();
    });
    expect(hashes[0]).toBe(hashes[1]);
  });

  test('a world that was forked ends as the world it came from (seed 3)', () => {
    const world = raftWorld({ seed: '3', nodes: 5, clients: 2, network: { lossPpm: 50_000 } });
    run(world, { untilUs: Infinity, maxEvents: 3000 });
    const fork = world.fork();
    for (const one of [world, fork]) run(one, { untilUs: Infinity, maxEvents: 3000 });
    expect(world.violation).toBeNull();
    expect(fingerprintText(fork)).toBe(fingerprintText(world));
  });
});
