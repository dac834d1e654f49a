/** Who may lead and how configurations follow one another, against states made by hand. */
import { describe, expect, test } from 'vitest';
import {
  configurationChange,
  leaderInConfiguration,
  transferTarget,
} from '../../../invariants/raft/membership.ts';
import { votersOnly } from '../../../protocols/raft/configuration.ts';
import type { RaftState } from '../../../protocols/raft/state.ts';
import { Cluster, told } from '../../helpers/raft-cluster.ts';

/** A state in whose log these configurations stand, at these indices. */
function using(...list: readonly (readonly [number, string, string?])[]): Partial<RaftState> {
  const configurations = list.map(([index, voters, outgoing = '']) => ({
    index,
    configuration: {
      ...votersOnly(voters.split(' ')),
      outgoing: outgoing.split(' ').filter(Boolean),
    },
  }));
  return { configurations };
}

describe('a leader', () => {
  test('may lead a configuration in which it has a vote, in one of its halves', () => {
    const cluster = new Cluster(3, leaderInConfiguration);
    expect(cluster.elect(0, 1)).toBeNull();
    expect(cluster.event(0, { ...using([0, 'n1 n3']) })).toBeNull();
    expect(cluster.event(0, { ...using([0, 'n1 n3'], [2, 'n2 n3', 'n1 n3']) })).toBeNull();
    expect(cluster.event(1, { ...using([0, 'n1 n3']) })).toBeNull();
  });

  test('may lead one in which it has none only until that is committed', () => {
    const cluster = new Cluster(3, leaderInConfiguration);
    cluster.elect(0, 1);
    const removed = using([0, 'n1 n2 n3'], [2, 'n2 n3']);
    expect(cluster.event(0, { ...removed, commitIndex: 1 })).toBeNull();
    expect(told(cluster.event(0, { commitIndex: 2 }))).toEqual([
      'n1 leads term 1 of a configuration in which it has no vote',
      '2: n1 is leader of term 1',
      '2: n1 uses n2 n3',
    ]);
  });

  test('that never had a vote is told at once', () => {
    const cluster = new Cluster(3, leaderInConfiguration);
    cluster.elect(0, 1);
    expect(cluster.event(0, { ...using([0, 'n2'], [2, 'n2 n3']), commitIndex: 1 })).not.toBeNull();
  });
});

describe('a configuration', () => {
  test.each([
    ['n1 n2 n3', 'n1 n2 n3 n4'],
    ['n1 n2 n3 n4', 'n1 n2 n3'],
    ['n1', 'n1 n2'],
    ['n1 n2', 'n2'],
  ])('may follow another that differs by one server: %s, then %s', (before, after) => {
    const cluster = new Cluster(5, configurationChange);
    expect(cluster.event(0, using([0, before], [2, after]))).toBeNull();
  });

  test.each([
    ['n1 n2 n3', 'n1 n2 n3 n4 n5'],
    ['n1', 'n2'],
    ['n1 n2 n3', 'n1 n4 n5'],
  ])('whose majorities need not meet the old ones is told: %s, then %s', (before, after) => {
    const cluster = new Cluster(5, configurationChange);
    expect(told(cluster.event(0, using([0, before], [2, after])))).toEqual([
      'n1: the configuration of index 2 has majorities that do not meet those of index 0',
      `0: n1 has ${before} at index 0`,
      `0: n1 has ${after} at index 2`,
    ]);
  });

  test('may change by any number through a joint one', () => {
    const cluster = new Cluster(5, configurationChange);
    const joint = using([0, 'n1 n2'], [2, 'n3 n4 n5', 'n1 n2'], [3, 'n3 n4 n5']);
    expect(cluster.event(1, joint)).toBeNull();
  });

  test('that a leader changes again before it is committed is told', () => {
    const cluster = new Cluster(3, configurationChange);
    cluster.elect(0, 1);
    cluster.append(0, 1, 1, 1);
    expect(cluster.event(0, using([0, 'n1'], [2, 'n1 n2']))).toBeNull();
    const twice = using([0, 'n1'], [2, 'n1 n2'], [3, 'n1 n2 n3']);
    expect(told(cluster.event(0, twice))[0]).toBe(
      'n1: the configuration of index 3 began before the commitment of index 2',
    );
  });

  test('that a leader has inherited may be open below another', () => {
    const cluster = new Cluster(3, configurationChange);
    cluster.append(0, 1, 1, 1);
    cluster.elect(0, 2);
    const twice = using([0, 'n1'], [2, 'n1 n2'], [3, 'n1 n2 n3']);
    expect(cluster.event(0, twice)).toBeNull();
  });
});

describe('a transfer', () => {
  const transfer = { to: 'n3', request: { client: 'c1', sequence: 1 }, isTold: false };

  test('may aim at a voter, and be waited for by a leader that has stepped down', () => {
    const cluster = new Cluster(3, transferTarget);
    cluster.elect(0, 1);
    expect(cluster.event(0, { transfer })).toBeNull();
    cluster.event(0, { role: 'follower' });
    expect(cluster.event(0, using([0, 'n1 n2']))).toBeNull();
  });

  test('to a server that loses its vote is told', () => {
    const cluster = new Cluster(3, transferTarget);
    cluster.elect(0, 1);
    cluster.event(0, { transfer });
    expect(told(cluster.event(0, using([0, 'n1 n2 n3'], [2, 'n1 n2'])))).toEqual([
      'n1 waits for n3 to lead, which has no vote',
      '2: n1, leader of term 1, hands over to n3',
      '2: n1 uses n1 n2',
    ]);
  });
});
