/** Figure 3 against states made by hand: silent when it holds, exact when it does not. */
import { describe, expect, test } from 'vitest';
import { electionSafety } from '../../../invariants/raft/election-safety.ts';
import { leaderAppendOnly } from '../../../invariants/raft/leader-append-only.ts';
import { leaderCompleteness } from '../../../invariants/raft/leader-completeness.ts';
import { logMatching } from '../../../invariants/raft/log-matching.ts';
import { stateMachineSafety } from '../../../invariants/raft/state-machine-safety.ts';
import { Log } from '../../../protocols/common/log.ts';
import { Cluster, noOp, put, told } from '../../helpers/raft-cluster.ts';

describe('Election Safety', () => {
  test('leaders of different terms are no violation, nor is one leader seen twice', () => {
    const cluster = new Cluster(3, electionSafety);
    expect(cluster.elect(0, 1)).toBeNull();
    expect(cluster.event(0)).toBeNull();
    expect(cluster.elect(1, 2)).toBeNull();
    expect(cluster.event(0, { role: 'follower' })).toBeNull();
  });

  test('two leaders of one term are named with their elections', () => {
    const cluster = new Cluster(3, electionSafety);
    cluster.elect(0, 2);
    cluster.event(1);
    expect(told(cluster.elect(2, 2))).toEqual([
      'n1 and n3 were both elected leader of term 2',
      '0: n1 became leader of term 2',
      '2: n3 became leader of term 2',
    ]);
  });

  test('the first leader is remembered after it has stepped down or crashed', () => {
    const cluster = new Cluster(3, electionSafety);
    cluster.elect(0, 2);
    cluster.restart(0);
    expect(told(cluster.elect(1, 2))[0]).toBe('n1 and n2 were both elected leader of term 2');
  });
});

describe('Leader Append-Only', () => {
  test('a leader may append, a follower may cut, and a new leader may begin with any log', () => {
    const cluster = new Cluster(2, leaderAppendOnly);
    cluster.append(0, 1, 1);
    expect(cluster.elect(0, 2)).toBeNull();
    expect(cluster.append(0, 2)).toBeNull();
    cluster.event(0, { role: 'follower' });
    cluster.state(0).log.truncate(1);
    expect(cluster.event(0, { currentTerm: 3 })).toBeNull();
    expect(cluster.elect(0, 4)).toBeNull();
  });

  test('a leader may compact its log', () => {
    const cluster = new Cluster(2, leaderAppendOnly);
    cluster.elect(0, 1);
    cluster.append(0, 1, 1, 1);
    cluster.state(0).log.compact(3);
    expect(cluster.event(0)).toBeNull();
    expect(cluster.append(0, 1)).toBeNull();
  });

  test('an overwritten entry is shown as it was and as it is', () => {
    const cluster = new Cluster(2, leaderAppendOnly);
    cluster.elect(0, 2);
    cluster.append(0, 2, put(2, 7));
    cluster.state(0).log.truncate(1);
    expect(told(cluster.append(0, put(2, 9)))).toEqual([
      'n1, leader of term 2, overwrote index 2 of its own log',
      '1: n1 led with an entry (term 2, put key="x" value=7 of c1) at index 2',
      '2: n1 leads with an entry (term 2, put key="x" value=9 of c1) at index 2',
    ]);
  });

  test('a deleted entry is told from an overwritten one', () => {
    const cluster = new Cluster(2, leaderAppendOnly);
    cluster.elect(0, 2);
    cluster.append(0, 2);
    cluster.state(0).log.truncate(0);
    expect(told(cluster.event(0))).toEqual([
      'n1, leader of term 2, deleted index 1 of its own log',
      '1: n1 led with an entry (term 2, no-op) at index 1',
      '2: n1 leads with nothing at index 1',
    ]);
  });
});

describe('Log Matching', () => {
  test('logs that share entries share what is before them, whoever copied them', () => {
    const cluster = new Cluster(3, logMatching);
    expect(cluster.append(0, 1, put(1, 7), 2)).toBeNull();
    expect(cluster.append(1, noOp(1), put(1, 7), noOp(2))).toBeNull();
    expect(cluster.append(2, 1, put(3, 8))).toBeNull();
  });

  test('two contents of one entry are both told', () => {
    const cluster = new Cluster(3, logMatching);
    cluster.append(0, 1, put(1, 7));
    expect(told(cluster.append(2, 1, put(1, 9)))).toEqual([
      'n1 and n3 have an entry with index 2 and term 1 with different contents',
      '0: n1 has index 2 term 1: term 1, put key="x" value=7 of c1',
      '1: n3 has index 2 term 1: term 1, put key="x" value=9 of c1',
    ]);
  });

  test('an equal entry behind another predecessor is a violation', () => {
    const cluster = new Cluster(3, logMatching);
    cluster.append(0, 1, 3);
    expect(told(cluster.append(1, 2, 3))).toEqual([
      'n1 and n2 have an entry with index 2 and term 3 behind different entries',
      '0: n1 has index 2 term 3: behind term 1 at index 1',
      '1: n2 has index 2 term 3: behind term 2 at index 1',
    ]);
  });

  test('what was cut is read again when it is replaced', () => {
    const cluster = new Cluster(2, logMatching);
    cluster.append(0, 1, put(1, 7));
    cluster.append(1, 1, put(2, 8));
    cluster.state(1).log.truncate(1);
    expect(told(cluster.append(1, put(1, 9)))[0]).toBe(
      'n1 and n2 have an entry with index 2 and term 1 with different contents',
    );
  });

  test('the first entry behind a compacted prefix is compared by the term of the prefix', () => {
    const cluster = new Cluster(2, logMatching);
    cluster.append(0, 1, 2);
    cluster.state(1).log.reset(1, 1);
    expect(cluster.append(1, 2)).toBeNull();
    cluster.state(1).log.reset(1, 3);
    expect(told(cluster.append(1, 2))[0]).toBe(
      'n1 and n2 have an entry with index 2 and term 2 behind different entries',
    );
  });

  test('a restarted server is read from the beginning', () => {
    const cluster = new Cluster(2, logMatching);
    cluster.append(0, 1, put(1, 7));
    cluster.append(1, 1);
    const log = new Log([noOp(1), put(1, 9)]);
    expect(told(cluster.restart(1, { log }))[0]).toBe(
      'n1 and n2 have an entry with index 2 and term 1 with different contents',
    );
  });

  test('a log that does not continue its snapshot is a violation', () => {
    const cluster = new Cluster(2, logMatching);
    cluster.append(0, 1, 1, 1);
    cluster.state(0).log.compact(2);
    const machine = cluster.state(0).machine.snapshot();
    const snapshot = { lastIncludedIndex: 2, lastIncludedTerm: 4, lastConfig: null, machine };
    expect(told(cluster.event(0, { snapshot }))).toEqual([
      'the log of n1 does not continue its snapshot at index 2',
      '1: the snapshot of n1 ends with term 4',
      '1: the log of n1 has term 1 there',
    ]);
  });
});

describe('Leader Completeness', () => {
  test('a leader that has what was committed in lower terms is no violation', () => {
    const cluster = new Cluster(3, leaderCompleteness);
    cluster.elect(0, 1);
    cluster.append(0, 1, 1);
    cluster.commit(0, 2);
    cluster.append(1, 1, 1, 1);
    expect(cluster.elect(1, 2)).toBeNull();
  });

  test('a leader whose log ends too early is shown with what it lacks', () => {
    const cluster = new Cluster(3, leaderCompleteness);
    cluster.elect(0, 1);
    cluster.append(0, 1, put(1, 7));
    cluster.commit(0, 2);
    cluster.append(2, 1);
    expect(told(cluster.elect(2, 2))).toEqual([
      'n3, leader of term 2, lacks index 2, committed in term 1',
      '2: n1 had index 2 (term 1, put key="x" value=7 of c1) committed in term 1',
      '4: n3 became leader of term 2 with a log that ends at index 1',
    ]);
  });

  test('a leader with another entry at that index is shown with it', () => {
    const cluster = new Cluster(3, leaderCompleteness);
    cluster.elect(0, 1);
    cluster.append(0, put(1, 7));
    cluster.commit(0, 1);
    cluster.append(2, put(2, 9));
    expect(told(cluster.elect(2, 3)).slice(2)).toEqual([
      '4: n3 became leader of term 3 with index 1 (term 2, put key="x" value=9 of c1)',
    ]);
  });

  test('an entry committed in the same or a higher term need not be there', () => {
    const cluster = new Cluster(3, leaderCompleteness);
    cluster.elect(0, 4);
    cluster.append(0, 4);
    cluster.commit(0, 1);
    expect(cluster.elect(1, 3)).toBeNull();
  });

  test('of several commits the last one before the term counts', () => {
    const cluster = new Cluster(3, leaderCompleteness);
    cluster.elect(0, 1);
    cluster.append(0, 1);
    cluster.commit(0, 1);
    cluster.event(0, { currentTerm: 3 });
    cluster.append(0, 3);
    cluster.commit(0, 2);
    cluster.append(1, 1);
    expect(cluster.elect(1, 2)).toBeNull();
    expect(told(cluster.elect(2, 2))[0]).toBe(
      'n3, leader of term 2, lacks index 1, committed in term 1',
    );
  });

  test('a commit seen late is compared with the leaders of the meantime', () => {
    const cluster = new Cluster(3, leaderCompleteness);
    cluster.elect(0, 1);
    cluster.append(0, 1);
    cluster.append(2, 2);
    cluster.elect(2, 2);
    expect(told(cluster.commit(0, 1))).toEqual([
      'n3, leader of term 2, lacks index 1, committed in term 1',
      '4: n1 had index 1 (term 1, no-op) committed in term 1',
      '3: n3 became leader of term 2 with index 1 (term 2, no-op)',
    ]);
  });

  test('a leader that has compacted the entry is not blamed', () => {
    const cluster = new Cluster(3, leaderCompleteness);
    cluster.elect(0, 1);
    cluster.append(0, 1);
    cluster.commit(0, 1);
    cluster.state(2).log.reset(4, 1);
    expect(cluster.elect(2, 2)).toBeNull();
  });
});

describe('State Machine Safety', () => {
  test('servers that apply the same entries, sooner or later, are no violation', () => {
    const cluster = new Cluster(3, stateMachineSafety);
    cluster.append(0, 1, put(1, 7));
    cluster.append(1, noOp(1), put(1, 7));
    expect(cluster.apply(0, 2)).toBeNull();
    expect(cluster.apply(1, 1)).toBeNull();
    expect(cluster.apply(1, 2)).toBeNull();
  });

  test('two entries applied at one index are both told', () => {
    const cluster = new Cluster(3, stateMachineSafety);
    cluster.append(0, 1, put(1, 7));
    cluster.append(1, 1, put(2, 9));
    cluster.apply(0, 2);
    expect(told(cluster.apply(1, 2))).toEqual([
      'n1 and n2 applied different entries at index 2',
      '2: n1 applied index 2 (term 1, put key="x" value=7 of c1)',
      '3: n2 applied index 2 (term 2, put key="x" value=9 of c1)',
    ]);
  });

  test('an installed snapshot is compared by its last index and term', () => {
    const cluster = new Cluster(3, stateMachineSafety);
    cluster.append(0, 1, 1, 2);
    cluster.apply(0, 3);
    cluster.state(1).log.reset(2, 1);
    expect(cluster.apply(1, 2)).toBeNull();
    cluster.state(2).log.reset(3, 1);
    expect(told(cluster.apply(2, 3))).toEqual([
      'n1 and n3 applied different entries at index 3',
      '1: n1 applied index 3 (term 2, no-op)',
      '3: n3 continues a snapshot that ends at index 3 (term 1)',
    ]);
  });

  test('entries applied and compacted in one event count by the last of them', () => {
    const cluster = new Cluster(2, stateMachineSafety);
    cluster.append(0, 1, 1, 1);
    cluster.apply(0, 3);
    cluster.append(1, 1, 1, 2);
    cluster.state(1).log.compact(3);
    expect(told(cluster.apply(1, 3))[0]).toBe('n1 and n2 applied different entries at index 3');
  });

  test('a server may apply its entries again after a restart, but no others', () => {
    const cluster = new Cluster(2, stateMachineSafety);
    cluster.append(0, put(1, 7));
    cluster.apply(0, 1);
    cluster.restart(0);
    expect(cluster.apply(0, 1)).toBeNull();
    cluster.restart(0, { log: new Log([put(2, 9)]) });
    expect(told(cluster.apply(0, 1))[0]).toBe(
      'n1, in two lives, applied different entries at index 1',
    );
  });
});
