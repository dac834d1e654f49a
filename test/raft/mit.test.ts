/**
 * Lab 3A and 3B of MIT 6.5840 (raft/test_test.go), test by test, by their names, in virtual time:
 * elections and the log. 3C and 3D are in mit-crashes.test.ts. Where the course checks agreement by
 * what servers apply, Raft's invariants watch here as well.
 */
import { describe, expect, test } from 'vitest';
import { Lab } from '../helpers/lab.ts';

/** Each test has the seed of its own name. */
const lab = (seed: string, nodes: number, rest: object = {}) => new Lab({ seed, nodes, ...rest });

describe('3A: leader election', () => {
  test('TestInitialElection3A: one leads, and its term lasts while nothing fails', () => {
    const it = lab('TestInitialElection3A', 3);
    const leader = it.leader();
    it.pass(100);
    const term = it.state(leader)?.currentTerm;
    it.pass(2_000);
    expect(it.leader()).toBe(leader);
    expect(it.all.map((server) => it.state(server)?.currentTerm)).toEqual([term, term, term]);
  });

  test('TestReElection3A: another leads when one is gone, nobody without a majority', () => {
    const it = lab('TestReElection3A', 3);
    const first = it.leader();
    it.disconnect(first);
    const second = it.leader();
    expect(second).not.toBe(first);
    it.connect(first);
    it.pass(300);
    expect(it.state(first)?.role).toBe('follower');
    const now = it.leader();
    const [other = 0] = it.others(now);
    it.disconnect(now, other);
    it.disconnect(now);
    it.disconnect(other);
    it.pass(2_000);
    expect(it.leading).toBeNull();
    it.connect(other);
    it.leader();
    it.connect(now);
    it.leader();
  });

  test('TestManyElections3A: with three of seven gone, ten times over, somebody leads', () => {
    const it = lab('TestManyElections3A', 7);
    it.leader();
    for (let round = 0; round < 10; round++) {
      const gone = [round % 7, (round * 3 + 1) % 7, (round * 5 + 2) % 7];
      for (const server of new Set(gone)) it.disconnect(server);
      it.leader();
      it.connect(...gone);
    }
    it.leader();
  });
});

describe('3B: log', () => {
  test('TestBasicAgree3B: commands are applied by all, one after the other', () => {
    const it = lab('TestBasicAgree3B', 3);
    const first = it.agree(3);
    expect([it.agree(3), it.agree(3)]).toEqual([first + 1, first + 2]);
  });

  test('TestRPCBytes3B: each command goes to each server once', () => {
    const it = lab('TestRPCBytes3B', 3);
    it.agree(3);
    const before = it.bytes;
    const size = 5_000;
    for (let i = 0; i < 10; i++) it.agree(3, `${i}${'x'.repeat(size)}`);
    const sent = it.bytes - before;
    expect(sent).toBeGreaterThan(2 * 10 * size);
    expect(sent).toBeLessThan(3 * 10 * size + 50_000);
  });

  test('TestFollowerFailure3B: agreement without one follower, none without two', () => {
    const it = lab('TestFollowerFailure3B', 3);
    it.agree(3);
    const [one = 0, two = 0] = it.others(it.leader());
    it.disconnect(one);
    it.agree(2);
    it.pass(1_000);
    it.agree(2);
    const leader = it.leader();
    it.disconnect(two);
    const index = it.start(leader);
    it.pass(2_000);
    expect(index).toBeGreaterThan(0);
    expect(it.applied(index)).toBe(0);
  });

  test('TestLeaderFailure3B: agreement without one leader, none without two', () => {
    const it = lab('TestLeaderFailure3B', 3);
    it.agree(3);
    const first = it.leader();
    it.disconnect(first);
    it.agree(2);
    it.pass(1_000);
    const second = it.leader();
    it.disconnect(second);
    const indices = it.all.map((server) => it.start(server)).filter((index) => index > 0);
    it.pass(2_000);
    expect(indices.length).toBeGreaterThan(0);
    expect(it.applied(Math.max(...indices))).toBe(0);
  });

  test('TestFailAgree3B: a follower that comes back catches up', () => {
    const it = lab('TestFailAgree3B', 3);
    it.agree(3);
    const [gone = 0] = it.others(it.leader());
    it.disconnect(gone);
    for (let i = 0; i < 4; i++) it.agree(2);
    it.pass(1_000);
    it.connect(gone);
    it.agree(3);
    it.pass(1_000);
    it.agree(3);
  });

  test('TestFailNoAgree3B: no agreement when three of five are gone, then they return', () => {
    const it = lab('TestFailNoAgree3B', 5);
    it.agree(5);
    const leader = it.leader();
    const gone = it.others(leader).slice(0, 3);
    for (const server of gone) it.disconnect(server);
    const index = it.start(leader);
    it.pass(2_000);
    expect(index).toBeGreaterThan(0);
    expect(it.applied(index)).toBe(0);
    it.connect(...gone);
    it.agree(5);
  });

  test('TestConcurrentStarts3B: commands that come at once are all applied', () => {
    const it = lab('TestConcurrentStarts3B', 3);
    const leader = it.leader();
    const indices = Array.from({ length: 5 }, () => it.start(leader));
    expect(new Set(indices).size).toBe(5);
    it.pass(500);
    for (const index of indices) expect(it.applied(index)).toBe(3);
  });

  test('TestRejoin3B: what only a leader has that was cut off is overwritten', () => {
    const it = lab('TestRejoin3B', 3);
    it.agree(3);
    const first = it.leader();
    it.disconnect(first);
    const lost = [it.start(first), it.start(first), it.start(first)];
    expect(lost.every((index) => index > 0)).toBe(true);
    it.agree(2);
    const second = it.leader();
    it.disconnect(second);
    it.connect(first);
    it.agree(2);
    it.connect(second);
    it.agree(3);
  });

  test('TestBackup3B: a leader backs up quickly over 50 entries', () => {
    const it = lab('TestBackup3B', 5);
    it.agree(5);
    const first = it.leader();
    const [helper = 0, ...rest] = it.others(first);
    for (const server of rest) it.disconnect(server);
    for (let i = 0; i < 50; i++) it.start(first);
    it.pass(500);
    it.disconnect(first);
    it.disconnect(helper);
    it.connect(...rest);
    for (let i = 0; i < 50; i++) it.agree(3);
    const second = it.leader();
    const [third = 0] = rest.filter((server) => server !== second);
    it.disconnect(third);
    for (let i = 0; i < 50; i++) it.start(second);
    it.pass(500);
    for (const server of it.all) it.disconnect(server);
    it.connect(first, helper, third);
    const before = it.messages;
    it.agree(3);
    // Entry by entry it would take a hundred refusals.
    expect(it.messages - before).toBeLessThan(250);
    it.connect(...it.all);
    it.agree(5);
  });

  test('TestCount3B: elections, agreement and idling cost few messages', () => {
    const it = lab('TestCount3B', 3);
    it.leader();
    expect(it.messages).toBeLessThan(30);
    const leader = it.leader();
    const before = it.messages;
    const indices = Array.from({ length: 10 }, () => it.start(leader));
    it.pass(100);
    for (const index of indices) expect(it.applied(index)).toBe(3);
    expect(it.messages - before).toBeLessThan((10 + 1 + 3) * 3 * 2);
    const idle = it.messages;
    it.pass(1_000);
    expect(it.messages - idle).toBeLessThan(3 * 20 * 2);
  });
});
