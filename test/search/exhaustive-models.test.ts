/** Exhaustive search of small models: published counts, sleep sets, limits, lassos. */
import { describe, expect, test } from 'vitest';
import { finish, mix } from '../../sim/engine/index.ts';
import {
  conclusion,
  deepenBudgets,
  exhaustive,
  findLasso,
  type Model,
} from '../../sim/search/exhaustive.ts';
import { duellingProposers } from '../models/duelling-proposers.ts';
import { twoPhaseCommit } from '../models/two-phase-commit.ts';

/** Resource managers; distinct, generated, depth; distinct up to renaming. TLC has the same. */
const counts = [
  [2, 56, 154, 8, 34],
  [3, 288, 1_146, 11, 80],
  [4, 1_568, 8_258, 14, 166],
  [5, 8_832, 58_146, 17, 314],
  [6, 50_816, 402_306, 20, 553],
  [7, 296_448, 2_744_706, 23, 920],
] as const;

describe('two-phase commit', () => {
  test.each(counts)(
    'with %i resource managers has %i states, %i generated, in %i levels',
    (managers, distinct, generated, depth) => {
      const found = exhaustive(twoPhaseCommit(managers));
      expect(found).toMatchObject({ reason: 'complete', distinct, generated, depth });
      expect(found).toMatchObject({ violation: null, neverHeld: [] });
    },
  );

  test.each(counts)(
    'with %i resource managers has, up to renaming, the last of %i, %i, %i, %i states',
    (managers, _distinct, _generated, depth, orbits) => {
      const found = exhaustive(twoPhaseCommit(managers, true));
      expect(found).toMatchObject({ reason: 'complete', distinct: orbits, depth });
    },
  );

  test('depth first with sleep sets reaches every state with fewer steps', () => {
    const depthFirst = exhaustive(twoPhaseCommit(5), { order: 'depth' });
    expect(depthFirst).toMatchObject({ reason: 'complete', distinct: 8_832, neverHeld: [] });
    expect(depthFirst.generated).toBeLessThan(32_000);
  });

  test('a limit of depth or states is not taken for the end', () => {
    const shallow = exhaustive(twoPhaseCommit(3), { maxDepth: 5 });
    expect(shallow).toMatchObject({ reason: 'depth', violation: null });
    expect(conclusion(shallow)).toContain('not everything was explored');
    expect(exhaustive(twoPhaseCommit(3), { maxStates: 100 })).toMatchObject({
      reason: 'states',
      distinct: 100,
    });
    const stopped = exhaustive(twoPhaseCommit(3), { interrupted: () => true });
    expect(stopped.reason).toBe('interrupted');
  });

  test('the conclusion names the bounds and never says correct', () => {
    const text = conclusion(exhaustive(twoPhaseCommit(3)));
    expect(text).toContain('no violation within these bounds: 3 resource managers');
    expect(text).toContain('288 distinct states of 1146 generated');
    expect(text).not.toContain('correct');
  });
});

/** Numbers that double or grow by one; a number is forbidden. */
function climbing(forbidden: number): Model<number, string> {
  return {
    name: 'climbing',
    bounds: 'numbers up to 100',
    initial: () => [1],
    actions: (_state, into) => into.push('double', 'increment'),
    next: (state, action) => {
      const next = action === 'double' ? state * 2 : state + 1;
      return next > 100 ? null : next;
    },
    fingerprint: (state, into) => {
      into.low = finish(mix(1, state));
      into.high = finish(mix(2, state));
    },
    properties: [{ id: 'allowed', kind: 'always', holds: (state) => state !== forbidden }],
    describe: (state, action) => [`${action} ${state}`],
  };
}

test('breadth-first search finds a shortest path to a violation', () => {
  const { reason, violation } = exhaustive(climbing(25));
  expect(reason).toBe('violation');
  // 1 2 3 6 12 24 25: six actions, and five would not do.
  expect(violation?.path).toHaveLength(6);
  expect(violation?.state).toBe(25);
  expect(violation?.steps.at(-1)).toBe('increment 24');
});

test('depth-first search finds the same violation on some path that leads there', () => {
  const { violation } = exhaustive(climbing(25), { order: 'depth' });
  const end = violation?.path.reduce((n, action) => (action === 'double' ? n * 2 : n + 1), 1);
  expect(end).toBe(25);
});

test('deepening stops at the cheapest budget that breaks the model', () => {
  const tried: string[] = [];
  const reports = deepenBudgets({ crashes: 2, losses: 2 }, (budget) => {
    tried.push(JSON.stringify(budget));
    return climbing(budget['crashes'] === 1 && budget['losses'] === 1 ? 25 : 0);
  });
  expect(reports.at(-1)?.budget).toEqual({ crashes: 1, losses: 1 });
  expect(reports.at(-1)?.exploration.reason).toBe('violation');
  // No faults, then each budget with one, then those with two up to the culprit.
  expect(tried.slice(0, 3).sort((a, b) => (a < b ? -1 : 1))).toEqual([
    '{"crashes":0,"losses":0}',
    '{"crashes":0,"losses":1}',
    '{"crashes":1,"losses":0}',
  ]);
});

describe('lassos', () => {
  test('two proposers that outbid each other may go on for ever, fairly', () => {
    const { lasso, complete } = findLasso(duellingProposers(2), 'paxos/chosen');
    expect(complete).toBe(true);
    expect(lasso?.cycleSteps).toContain('bid 0');
    expect(lasso?.cycleSteps).toContain('bid 1');
  });

  test('the cycle leads back to where it begins, and nothing is chosen on it', () => {
    const model = duellingProposers(2);
    const { lasso } = findLasso(model, 'paxos/chosen');
    let state = model.initial()[0];
    for (const action of lasso?.stem ?? []) state = model.next(state as never, action) ?? undefined;
    const begin = state;
    for (const action of lasso?.cycle ?? []) {
      const enabled: string[] = [];
      model.actions(state as never, enabled);
      expect(enabled).toContain(action);
      state = model.next(state as never, action) ?? undefined;
      expect(model.properties[0]?.holds(state as never)).toBe(false);
    }
    expect(state).toEqual(begin);
    expect(lasso?.cycle.length).toBeLessThan(20);
  });

  test('a distinguished proposer cannot be kept from its goal', () => {
    const { lasso, complete } = findLasso(duellingProposers(1), 'paxos/chosen');
    expect({ lasso, complete }).toEqual({ lasso: null, complete: true });
  });

  test('a state in which nothing can happen is a lasso, too', () => {
    const model = { ...climbing(0), actions: () => {} };
    const high = { id: 'high', kind: 'eventually' as const, holds: (state: number) => state > 50 };
    const { lasso } = findLasso({ ...model, properties: [high] }, 'high');
    expect(lasso).toMatchObject({ stem: [], cycle: [] });
  });

  test('a cycle that starves somebody who could act all the time is not one', () => {
    // Spinning in place is possible for ever, but the step up is never disabled.
    const model: Model<number, string> = {
      ...climbing(0),
      actions: (_state, into) => into.push('spin', 'increment'),
      next: (state, action) => (action === 'spin' ? state : state + 1),
      properties: [{ id: 'high', kind: 'eventually', holds: (state) => state > 5 }],
    };
    expect(findLasso(model, 'high').lasso).toBeNull();
    const careless = { ...model, fairness: () => null };
    expect(findLasso(careless, 'high').lasso?.cycle).toEqual(['spin']);
  });
});
