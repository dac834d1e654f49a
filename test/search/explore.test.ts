/** Searches: the same result however the work is shared, and told so that it can be done again. */
import { describe, expect, test } from 'vitest';
import { eventIdentity } from '../../sim/engine/index.ts';
import {
  arms,
  BLOCK,
  branch,
  explore,
  exploreBatch,
  livenessArm,
  merge,
  only,
  swarm,
  worldOf,
  type Arm,
  type Found,
  type Search,
} from '../../sim/search/index.ts';
import { followSteps } from '../../sim/trace/index.ts';
import { raftSearch, type RaftSearch } from '../helpers/raft-search.ts';

function find(wanted: RaftSearch, runs: number): [Search, Found] {
  const search = raftSearch(wanted);
  const { found } = explore(search, { runs });
  if (found === null) throw new Error(`${wanted.mutant} is not found in ${runs} runs`);
  return [search, found];
}

describe('a search', () => {
  test('gives equal results for equal seeds, other runs for other seeds', () => {
    const one = explore(raftSearch({ seed: 'same' }), { runs: 200 });
    const two = explore(raftSearch({ seed: 'same' }), { runs: 200 });
    const other = explore(raftSearch({ seed: 'other' }), { runs: 200 });
    expect(two).toEqual(one);
    expect(other.events).not.toBe(one.events);
    expect(one.found).toBeNull();
  });

  test('gives the same result in blocks of any workers, the lowest failing run wins', () => {
    const search = raftSearch({ mutant: 'match-from-last-index', seed: 'workers 3' });
    const whole = explore(search, { runs: 8 * BLOCK });
    const blocks = Math.ceil(whole.runs / BLOCK);
    // As two workers might: the later blocks first.
    let shared = exploreBatch(search, (blocks - 1) * BLOCK, blocks * BLOCK);
    for (let block = blocks - 2; block >= 0; block--) {
      shared = merge(exploreBatch(search, block * BLOCK, (block + 1) * BLOCK), shared);
    }
    expect(whole.found).not.toBeNull();
    expect(shared).toEqual(whole);
  });

  test('accounts for every run by its arm', () => {
    const { arms: accounts, runs, events } = explore(raftSearch({ seed: 'sum' }), { runs: 600 });
    const sum = [...accounts.values()];
    expect(sum.reduce((total, account) => total + account.runs, 0)).toBe(runs);
    expect(sum.reduce((total, account) => total + account.events, 0)).toBe(events);
    expect(accounts.size).toBeGreaterThan(5);
  });

  test('sees its probes come true', () => {
    const { probes, states } = explore(raftSearch({ seed: 'probes' }), { runs: 600 });
    for (const [id, count] of probes) expect(count, id).toBeGreaterThan(0);
    expect(states.size).toBeGreaterThan(300);
  });

  test('stops when it is told to', () => {
    let calls = 0;
    const { runs } = explore(raftSearch(), { runs: 100 * BLOCK }, () => {
      calls++;
      return calls < 2;
    });
    expect(runs).toBe(2 * BLOCK);
  });

  test('insists that a batch begins with a block', () => {
    expect(() => exploreBatch(raftSearch(), 1, 10)).toThrow('begins where a block begins');
  });
});

/**
 * Runs within which each error has to be seen by the portfolio; about ten times what was needed.
 */
const soon: readonly [string, number][] = [
  ['dup-vote-count', 4000],
  ['stale-vote-reply', 600],
  ['vote-cleared-same-term', 8000],
  ['vote-skip-log-check', 200],
  ['vote-longest-log-wins', 4000],
  ['quorum-third', 100],
  ['truncate-on-stale-ae', 300],
  ['no-prev-check', 100],
  ['prev-index-only', 400],
  ['commit-index-regress', 100],
  ['match-regress', 200],
  ['next-le-match', 600],
  ['commit-mode-not-median', 300],
  ['commit-beyond-last-new', 2000],
  ['ack-before-fsync', 1000],
  ['term-not-persisted', 4000],
];

describe('the portfolio', () => {
  test.each(soon)(
    'catches %s within %i runs, and tells a run that can be followed',
    (mutant, runs) => {
      const [search, found] = find({ mutant, seed: 'soon' }, runs);
      const world = worldOf(search, found);
      const { performed, skipped, inexact } = followSteps(world, found.steps);
      if (found.atEnd) world.finish();
      expect([skipped, inexact]).toEqual([[], []]);
      expect(performed).toHaveLength(found.steps.length);
      expect(world.violation?.message).toBe(found.violation.message);
    },
  );

  test('finds Figure 8 with three nodes by Leader Completeness', () => {
    const [, found] = find({ mutant: 'commit-old-term', seed: 'figure 8' }, 30_000);
    expect(found.violation.invariant).toBe('raft/leader-completeness');
  });
});

const learning: readonly Arm[] = [branch, ...arms.filter(({ name }) => name === 'coverage-guided')];

describe.each([...learning, swarm].map((arm) => [arm.name, arm] as const))('%s', (_name, arm) => {
  test('tells its runs from the beginning of the world', () => {
    const mutant = arm === swarm ? 'vote-skip-log-check' : 'append-without-conflict-check';
    const wanted = { mutant, portfolio: only(arm) };
    const [search, found] = find(wanted, 4 * BLOCK);
    const world = worldOf(search, found);
    followSteps(world, found.steps);
    expect(world.violation?.invariant).toBe(found.violation.invariant);
    expect(found.steps.length).toBeGreaterThan(3);
    expect(found.arm).toBe(arm.name);
  });
});

describe('names of a told run', () => {
  test('are those of the events that happened', () => {
    const [search, found] = find({ mutant: 'truncate-on-stale-ae', seed: 'names' }, 500);
    const world = worldOf(search, found);
    const names: string[] = [];
    world.observer = {
      beforeEvent: (event) => names.push(eventIdentity(world, event)),
      afterEvent: () => {},
    };
    followSteps(world, found.steps);
    expect(names).toEqual(found.steps.map(({ identity }) => identity));
  });
});

describe('liveness', () => {
  test('is demanded after faults have ended: a cluster that can be blocked is found out', () => {
    const [, found] = find({ mutant: 'vote-componentwise', portfolio: only(livenessArm()) }, 4000);
    expect(found.violation.message).toContain('no leader committed a new entry within 3000 ms');
  });

  test('is seen through observe() where no invariant speaks of it', () => {
    const wanted = { mutant: 'vote-componentwise', invariants: [], portfolio: only(livenessArm()) };
    const [, found] = find(wanted, 4000);
    expect(found.violation.invariant).toBe('liveness/core-makes-progress');
  });

  test('entries that nobody decided count for nothing: they may be dropped when faults end', () => {
    // Run 4832 ends with four entries on one server only, which its new leader does not have.
    const search = raftSearch({ seed: '1', portfolio: only(livenessArm()) });
    expect(exploreBatch(search, 4096, 4864).found).toBeNull();
  });

  test('clean Raft makes progress after every one of 500 runs', () => {
    const search = raftSearch({ seed: 'alive', portfolio: only(livenessArm()) });
    expect(explore(search, { runs: 500 }).found).toBeNull();
  });
});
