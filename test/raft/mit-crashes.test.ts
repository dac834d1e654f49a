/**
 * Lab 3C and 3D of MIT 6.5840 (raft/test_test.go), test by test, by their names, in virtual time:
 * crashes, bad networks and snapshots. 3A and 3B are in mit.test.ts.
 */
import { describe, expect, test } from 'vitest';
import { Lab, unreliable } from '../helpers/lab.ts';

/** Each test has the seed of its own name. */
const lab = (seed: string, nodes: number, rest: object = {}) => new Lab({ seed, nodes, ...rest });

describe('3C: persistence', () => {
  test('TestPersist13C: restarts of all, of a leader, of a follower', () => {
    const it = lab('TestPersist13C', 3);
    it.agree(3);
    it.crash(...it.all);
    it.restart(...it.all);
    it.agree(3);
    const first = it.leader();
    it.crash(first);
    it.restart(first);
    it.agree(3);
    const second = it.leader();
    it.crash(second);
    it.agree(2);
    it.restart(second);
    it.pass(500);
    const [follower = 0] = it.others(it.leader());
    it.crash(follower);
    it.agree(2);
    it.restart(follower);
    expect(it.agree(3)).toBeGreaterThan(6);
  });

  test('TestPersist23C: five servers, of which others are down each time', () => {
    const it = lab('TestPersist23C', 5);
    for (let round = 0; round < 5; round++) {
      it.agree(5);
      const leader = it.leader();
      const at = (step: number) => (leader + step) % 5;
      it.crash(at(1), at(2));
      it.agree(3);
      it.crash(at(0), at(3), at(4));
      it.restart(at(1), at(2));
      it.pass(500);
      it.restart(at(3));
      it.agree(3);
      it.restart(at(4), at(0));
    }
    it.agree(5);
  });

  test('TestPersist33C: a leader and a follower crash, the leader restarts, they agree', () => {
    const it = lab('TestPersist33C', 3);
    it.agree(3);
    const leader = it.leader();
    const at = (step: number) => (leader + step) % 3;
    it.disconnect(at(2));
    it.agree(2);
    it.crash(at(0), at(1));
    it.connect(at(2));
    it.restart(at(0));
    it.agree(2);
    it.restart(at(1));
    it.agree(3);
  });

  test('TestFigure83C: leaders crash 300 times, and nothing committed is lost', () => {
    const it = lab('TestFigure83C', 5);
    const down = new Set<number>();
    for (let round = 0; round < 300; round++) {
      for (const server of it.all) if (!down.has(server)) it.start(server);
      // Most of the time not long enough for a majority to answer.
      it.pass(round % 10 === 0 ? 400 : 1 + (round % 13));
      const { leading } = it;
      if (leading !== null && !down.has(leading)) {
        it.crash(leading);
        down.add(leading);
      }
      const [revived] = [...down];
      if (down.size > 2 && revived !== undefined) {
        it.restart(revived);
        down.delete(revived);
      }
    }
    it.restart(...down);
    it.agree(5);
  });

  test('TestUnreliableAgree3C: hundreds of commands over a bad network', () => {
    const it = lab('TestUnreliableAgree3C', 5, { network: unreliable });
    for (let i = 1; i < 50; i++) {
      for (let j = 0; j < 4; j++) it.start(it.leader(), `${i}-${j}`);
      it.agree(1);
    }
    it.pass(2_000);
    expect(it.agree(5)).toBeGreaterThan(200);
  });

  test('TestFigure8Unreliable3C: the same while replies come seconds late', () => {
    const it = lab('TestFigure8Unreliable3C', 5, { network: unreliable });
    it.agree(1);
    it.fault({ kind: 'reorder', ppm: 600_000, byUs: 2_000_000 });
    const gone = new Set<number>();
    for (let round = 0; round < 300; round++) {
      for (const server of it.all) it.start(server, `${round}-${server}`);
      it.pass(round % 10 === 0 ? 400 : 1 + (round % 13));
      const { leading } = it;
      if (leading !== null && round % 2 === 0) {
        it.disconnect(leading);
        gone.add(leading);
      }
      const [back] = [...gone];
      if (gone.size > 2 && back !== undefined) {
        it.connect(back);
        gone.delete(back);
      }
    }
    it.connect(...it.all);
    it.fault({ kind: 'heal', what: 'messages' });
    it.agree(5);
  });

  test('TestReliableChurn3C: servers crash, come and go under load', () =>
    churn('TestReliableChurn3C', {}));

  test('TestUnreliableChurn3C: the same over a network that loses and delays', () =>
    churn('TestUnreliableChurn3C', unreliable));

  function churn(seed: string, network: object): void {
    const it = lab(seed, 5, { network });
    const down = new Set<number>();
    let last = 0;
    for (let round = 0; round < 20; round++) {
      const server = (round * 7 + 3) % 5;
      if (round % 5 < 2 && down.size < 2 && !down.has(server)) {
        it.crash(server);
        down.add(server);
      } else if (down.has(server)) {
        it.restart(server);
        down.delete(server);
      } else if (round % 3 === 0) {
        it.disconnect(server);
        it.pass(150);
        it.connect(server);
      }
      for (let i = 0; i < 10; i++) {
        const { leading } = it;
        if (leading !== null) last = Math.max(last, it.start(leading, `${round}-${i}`));
        it.pass(10);
      }
      it.pass(100);
    }
    it.restart(...down);
    expect(it.agree(5)).toBeGreaterThan(last / 2);
  }
});

describe('3D: log compaction', () => {
  const options = { snapshotThreshold: 10, snapshotChunkSize: 200 };

  test('TestSnapshotBasic3D: logs stay short while commands come', () => {
    const it = lab('TestSnapshotBasic3D', 3, { options });
    const last = manyAgree(it, 60, 3);
    expect(last).toBeGreaterThan(60);
    for (const server of it.all) {
      const log = it.state(server)?.log;
      expect(last - (log?.baseIndex ?? 0)).toBeLessThan(25);
    }
  });

  test('TestSnapshotInstall3D: who was cut off meanwhile is sent a snapshot', () =>
    install('TestSnapshotInstall3D', 'disconnect', {}));

  test('TestSnapshotInstallUnreliable3D: over a network that loses and delays, too', () =>
    install('TestSnapshotInstallUnreliable3D', 'disconnect', unreliable));

  test('TestSnapshotInstallCrash3D: who was down meanwhile is sent a snapshot', () =>
    install('TestSnapshotInstallCrash3D', 'crash', {}));

  test('TestSnapshotInstallUnCrash3D: over a network that loses and delays, too', () =>
    install('TestSnapshotInstallUnCrash3D', 'crash', unreliable));

  test('TestSnapshotAllCrash3D: all crash, again and again, and go on where they were', () => {
    const it = lab('TestSnapshotAllCrash3D', 3, { options });
    let last = manyAgree(it, 5, 3);
    for (let round = 0; round < 5; round++) {
      last = manyAgree(it, 10 + round, 3);
      it.crash(...it.all);
      it.restart(...it.all);
      expect(it.agree(3)).toBeGreaterThan(last);
    }
  });

  test('TestSnapshotInit3D: after a restart servers begin with their snapshot', () => {
    const it = lab('TestSnapshotInit3D', 3, { options });
    const last = manyAgree(it, 11, 3);
    it.crash(...it.all);
    it.restart(...it.all);
    for (const server of it.all) {
      expect(it.state(server)?.lastApplied).toBeGreaterThanOrEqual(10);
    }
    it.agree(3);
    it.crash(...it.all);
    it.restart(...it.all);
    expect(it.agree(3)).toBeGreaterThan(last + 1);
  });

  function install(seed: string, how: 'disconnect' | 'crash', network: object): void {
    const it = lab(seed, 3, { options, network });
    it.agree(3);
    for (let round = 0; round < 10; round++) {
      const leader = it.leader();
      const victim = round % 3 === 1 ? leader : (it.others(leader)[0] as number);
      it[how](victim);
      manyAgree(it, 25, 2);
      const lagging = it.state(victim)?.lastApplied ?? 0;
      const compacted = Math.max(...it.others(victim).map((s) => it.state(s)?.log.baseIndex ?? 0));
      // Nobody has the entries that the victim lacks, so only a snapshot can help it.
      expect(compacted).toBeGreaterThan(lagging);
      if (how === 'crash') it.restart(victim);
      else it.connect(victim);
      it.agree(3);
    }
  }

  function manyAgree(it: Lab, commands: number, servers: number): number {
    for (let i = 0; i < commands; i++) it.start(it.leader());
    return it.agree(servers);
  }
});
