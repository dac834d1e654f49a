/** What must hold inside a server, against states made by hand. */
import { describe, expect, test } from 'vitest';
import {
  monotonicCommitIndex,
  monotonicLastApplied,
  monotonicTerm,
} from '../../../invariants/raft/monotonic.ts';
import { matchBelowNext, monotonicMatchIndex } from '../../../invariants/raft/progress.ts';
import { stableTerm } from '../../../invariants/raft/stable-term.ts';
import type { RaftState } from '../../../protocols/raft/state.ts';
import type { Invariant } from '../../../sim/engine/index.ts';
import { Cluster, told } from '../../helpers/raft-cluster.ts';

const fields: readonly (readonly ['currentTerm' | 'commitIndex' | 'lastApplied', Invariant])[] = [
  ['currentTerm', monotonicTerm],
  ['commitIndex', monotonicCommitIndex],
  ['lastApplied', monotonicLastApplied],
];

describe.each(fields)('%s', (field, invariant) => {
  const set = (value: number): Partial<RaftState> => ({ [field]: value });

  test('may stay and grow, and fall only in another life', () => {
    const cluster = new Cluster(2, invariant);
    expect(cluster.event(0, set(4))).toBeNull();
    expect(cluster.event(0)).toBeNull();
    expect(cluster.event(0, set(5))).toBeNull();
    expect(cluster.restart(0, set(2))).toBeNull();
  });

  test('is told from what to what it fell', () => {
    const cluster = new Cluster(2, invariant);
    cluster.event(0, set(4));
    cluster.event(0);
    expect(told(cluster.event(0, set(3)))).toEqual([
      `the ${field} of n1 fell from 4 to 3`,
      `0: n1 had ${field} 4`,
      `2: n1 has ${field} 3`,
    ]);
  });

  test('is watched after a restart that changed nothing', () => {
    const cluster = new Cluster(2, invariant);
    cluster.event(0, set(4));
    cluster.restart(0, set(4));
    expect(told(cluster.event(0, set(3)))[0]).toBe(`the ${field} of n1 fell from 4 to 3`);
  });
});

/** Progress of n1 in its own cluster of two: of itself, and of n2. */
function progress(matchIndex: number, nextIndex: number): RaftState['progress'] {
  const idle = { active: true, snapshot: null };
  return { n1: { matchIndex: 0, nextIndex: 9, ...idle }, n2: { matchIndex, nextIndex, ...idle } };
}

describe('matchIndex', () => {
  test('may stay and grow, and begins anew with each leadership', () => {
    const cluster = new Cluster(2, monotonicMatchIndex);
    cluster.elect(0, 1);
    expect(cluster.event(0, { progress: progress(3, 9) })).toBeNull();
    expect(cluster.event(0, { progress: progress(4, 9) })).toBeNull();
    expect(cluster.event(0, { role: 'follower', progress: {} })).toBeNull();
    expect(
      cluster.event(0, { role: 'leader', currentTerm: 2, progress: progress(0, 9) }),
    ).toBeNull();
  });

  test('is told from what to what it fell', () => {
    const cluster = new Cluster(2, monotonicMatchIndex);
    cluster.elect(0, 1);
    cluster.event(0, { progress: progress(3, 9) });
    cluster.event(0);
    expect(told(cluster.event(0, { progress: progress(2, 9) }))).toEqual([
      'n1 lowered its matchIndex for n2 from 3 to 2',
      '1: n1 had matchIndex 3 for n2',
      '3: n1 has matchIndex 2 for n2',
    ]);
  });

  test('stays below nextIndex', () => {
    const cluster = new Cluster(2, matchBelowNext);
    cluster.elect(0, 1);
    expect(cluster.event(0, { progress: progress(3, 4) })).toBeNull();
    expect(told(cluster.event(0, { progress: progress(3, 3) }))).toEqual([
      'n1 would send index 3 to n2, which matches up to 3',
      '2: n1 has nextIndex 3 for n2',
      '2: n1 has matchIndex 3 for n2',
    ]);
  });

  test('is compared for every server of a cluster that is looked at in parts', () => {
    const cluster = new Cluster(50, matchBelowNext);
    const table = Object.fromEntries(
      cluster.nodeIds.map((id) => [
        id,
        { matchIndex: 1, nextIndex: id === 'n50' ? 1 : 2, active: true, snapshot: null },
      ]),
    );
    cluster.elect(0, 1);
    let finding = cluster.event(0, { progress: table });
    for (let i = 0; i < 4; i++) finding ??= cluster.event(0);
    expect(finding?.message).toBe('n1 would send index 1 to n50, which matches up to 1');
  });
});

describe('a term', () => {
  test('may be begun by a candidate and adopted by others', () => {
    const cluster = new Cluster(3, stableTerm);
    expect(cluster.event(0, { role: 'candidate', currentTerm: 1 })).toBeNull();
    expect(cluster.event(1, { currentTerm: 1 })).toBeNull();
    expect(cluster.event(2, { role: 'pre-candidate', currentTerm: 1 })).toBeNull();
  });

  test('that a pre-candidate has begun is told with the last one that had a candidate', () => {
    const cluster = new Cluster(3, stableTerm);
    cluster.event(0, { role: 'candidate', currentTerm: 1 });
    expect(told(cluster.event(2, { role: 'pre-candidate', currentTerm: 2 }))).toEqual([
      'n3 is in term 2, for which no server has stood',
      '0: n1 stood for term 1, the highest so far',
      '1: n3 is pre-candidate in term 2',
    ]);
  });

  test('that comes from nowhere is told even before the first election', () => {
    const cluster = new Cluster(3, stableTerm);
    expect(told(cluster.event(1, { currentTerm: 3 }))).toEqual([
      'n2 is in term 3, for which no server has stood',
      '-: no server has stood for a term above 0',
      '0: n2 is follower in term 3',
    ]);
  });
});
