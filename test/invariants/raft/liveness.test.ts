/** Bounded liveness against states made by hand; its bound here is 10 timeouts of 300 ms. */
import { describe, expect, test } from 'vitest';
import { liveness, livenessWithin } from '../../../invariants/raft/liveness.ts';
import { run } from '../../../sim/engine/index.ts';
import { Cluster, told } from '../../helpers/raft-cluster.ts';
import { raftWorld } from '../../helpers/raft-world.ts';

const BOUND_US = 3_000_000;

/** Three servers and a leader of term 1 that has committed its first entry, at time 0. */
function settled(): Cluster {
  const cluster = new Cluster(3, liveness);
  cluster.faultsPending = 1;
  cluster.elect(0, 1);
  cluster.append(0, 1);
  cluster.commit(0, 1);
  for (const follower of [1, 2]) {
    cluster.event(follower, { currentTerm: 1 });
    cluster.append(follower, 1);
  }
  return cluster;
}

/** The last fault ends now. */
function heal(cluster: Cluster, at: number): void {
  cluster.faultsPending = 0;
  cluster.lastFaultAt = at;
  cluster.now = at;
  for (let i = 0; i < 3; i++) if (cluster.nodes[i]?.state !== null) cluster.event(i);
}

describe('while faults may come', () => {
  test('nothing is demanded, however long they take', () => {
    const cluster = settled();
    cluster.now = 100 * BOUND_US;
    expect(cluster.event(0)).toBeNull();
    expect(cluster.monitor.atEnd?.(cluster)).toBeNull();
    expect(cluster.monitor.judged).toBe(false);
  });
});

describe('once the last fault has ended', () => {
  test('a new entry of the old leader is enough', () => {
    const cluster = settled();
    heal(cluster, 1000);
    cluster.append(0, 1);
    expect(cluster.monitor.judged).toBe(false);
    expect(cluster.commit(0, 2)).toBeNull();
    expect(cluster.monitor.judged).toBe(true);
    cluster.now = 2 * BOUND_US;
    expect(cluster.event(0, { role: 'follower' })).toBeNull();
  });

  test('a new leader has to commit an entry of its own term', () => {
    const cluster = settled();
    heal(cluster, 1000);
    cluster.elect(1, 2);
    cluster.commit(1, 1);
    expect(cluster.monitor.judged).toBe(false);
    cluster.append(1, 2);
    cluster.commit(1, 2);
    expect(cluster.monitor.judged).toBe(true);
  });

  test('a cluster that elects nobody is shown server by server', () => {
    const cluster = settled();
    cluster.event(0, { role: 'follower' });
    heal(cluster, 1000);
    cluster.now = 1000 + BOUND_US;
    expect(cluster.event(1, { role: 'candidate', currentTerm: 7 })).toBeNull();
    cluster.now++;
    expect(told(cluster.event(1))).toEqual([
      'no leader committed a new entry within 3000 ms after the last fault, at 1 ms',
      '12: n1 is follower in term 1, committed 1 of 1',
      '12: n2 is candidate in term 7, committed 0 of 1',
      '12: n3 is follower in term 1, committed 0 of 1',
    ]);
  });

  test('a leader that cannot commit what it is asked for gets a second chance, no third', () => {
    const cluster = settled();
    heal(cluster, 1000);
    cluster.append(0, 1);
    cluster.now = 1001 + BOUND_US;
    expect(cluster.event(0)).toBeNull();
    cluster.now += BOUND_US;
    expect(cluster.event(0)).toBeNull();
    cluster.now++;
    expect(cluster.event(0)?.message).toBe(
      'no leader committed a new entry within 6000.001 ms after the last fault, at 1 ms',
    );
  });

  test('a leader that nobody asks for anything is silent', () => {
    const cluster = settled();
    heal(cluster, 1000);
    cluster.now = 1001 + BOUND_US;
    expect(cluster.event(0)).toBeNull();
    expect(cluster.monitor.judged).toBe(true);
  });

  test('a leader that its followers have left is not settled', () => {
    const cluster = settled();
    heal(cluster, 1000);
    cluster.event(1, { currentTerm: 2 });
    cluster.event(2, { currentTerm: 2 });
    cluster.now = 1001 + BOUND_US;
    expect(cluster.event(0)).not.toBeNull();
  });

  test('nothing is demanded of a cluster without a majority', () => {
    const cluster = settled();
    for (const gone of [0, 1])
      Object.assign(cluster.nodes[gone] ?? {}, { state: null, status: 'down' });
    heal(cluster, 1000);
    cluster.now = 1001 + BOUND_US;
    expect(cluster.event(2)).toBeNull();
    expect(cluster.monitor.judged).toBe(false);
  });

  test('a new fault begins the time anew', () => {
    const cluster = settled();
    cluster.event(0, { role: 'follower' });
    heal(cluster, 1000);
    heal(cluster, 2000);
    cluster.now = 1001 + BOUND_US;
    expect(cluster.event(1)).toBeNull();
    cluster.now = 2001 + BOUND_US;
    expect(cluster.event(1)).not.toBeNull();
  });

  test('a run that ends too early does not judge, one that ends quietly does', () => {
    const cluster = settled();
    cluster.event(0, { role: 'follower' });
    heal(cluster, 1000);
    cluster.now = 1000 + BOUND_US;
    expect(cluster.monitor.atEnd?.(cluster)).toBeNull();
    expect(cluster.monitor.judged).toBe(false);
    cluster.now++;
    expect(cluster.monitor.atEnd?.(cluster)).not.toBeNull();
  });
});

describe('in runs (seed 1)', () => {
  test('clean Raft is live from the beginning', () => {
    const world = raftWorld({ nodes: 5, invariants: [liveness] });
    run(world, { untilUs: 5_000_000, maxEvents: Infinity });
    expect(world.violation).toBeNull();
    expect(world.unjudged).toEqual([]);
  });

  test('a bound that no election can meet is missed', () => {
    const world = raftWorld({ nodes: 5, invariants: [livenessWithin(0.5)] });
    run(world, { untilUs: 5_000_000, maxEvents: Infinity });
    expect(world.violation?.message).toBe(
      'no leader committed a new entry within 150 ms from the beginning',
    );
  });

  test('servers that all use the same timeout never get on', () => {
    const options = { electionTimeoutMinMs: 200, electionTimeoutMaxMs: 200 };
    const mutants = ['fixed-timeout'];
    const network = { shape: 'fixed' } as const;
    const world = raftWorld({ nodes: 5, mutants, options, network, invariants: [liveness] });
    run(world, { untilUs: 5_000_000, maxEvents: Infinity });
    expect(world.violation?.invariant).toBe('raft/liveness');
  });
});
