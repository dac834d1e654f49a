/** Locks, policies and the waits-for graph by themselves. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  findCycle,
  victimOf,
  waitDie,
  woundWait,
} from '../../protocols/transactions/locking/deadlocks.ts';
import {
  acquire,
  blockersOf,
  conflicts,
  isOlder,
  release,
  type Claim,
  type Lock,
} from '../../protocols/transactions/locking/locks.ts';

const claim = (transaction: string, mode: Claim['mode'], at = 0): Claim => ({
  transaction,
  mode,
  age: { at, name: transaction },
});

describe('a lock', () => {
  test('is shared by readers, and a writer waits for all of them', () => {
    const locks: Lock[] = [];
    expect(acquire(locks, 'x', claim('a', 'shared'))).toBe(true);
    expect(acquire(locks, 'x', claim('b', 'shared'))).toBe(true);
    const writer = claim('c', 'exclusive');
    expect(acquire(locks, 'x', writer)).toBe(false);
    expect(blockersOf(locks[0] as Lock, writer).map((one) => one.transaction)).toEqual(['a', 'b']);
    expect(release(locks, 'a')).toEqual([]);
    expect(release(locks, 'b')).toEqual([{ key: 'x', claim: writer }]);
  });

  test('is not given to a reader who comes after a waiting writer', () => {
    const locks: Lock[] = [];
    acquire(locks, 'x', claim('a', 'shared'));
    acquire(locks, 'x', claim('b', 'exclusive'));
    expect(acquire(locks, 'x', claim('c', 'shared'))).toBe(false);
  });

  test('becomes exclusive at once for its only reader, before those who wait', () => {
    const locks: Lock[] = [];
    acquire(locks, 'x', claim('a', 'shared'));
    acquire(locks, 'x', claim('b', 'exclusive'));
    expect(acquire(locks, 'x', claim('a', 'exclusive'))).toBe(true);
    expect(locks[0]?.holders).toEqual([claim('a', 'exclusive')]);
  });

  test('is forgotten when nobody holds it or waits for it', () => {
    const locks: Lock[] = [];
    acquire(locks, 'x', claim('a', 'shared'));
    release(locks, 'a');
    expect(locks).toEqual([]);
  });
});

const asked = fc.record({
  transaction: fc.constantFrom('a', 'b', 'c', 'd'),
  key: fc.constantFrom('x', 'y'),
  mode: fc.constantFrom('shared' as const, 'exclusive' as const),
  ends: fc.boolean(),
});

test('holders never conflict, and nobody waits for a free lock (200 runs)', () => {
  fc.assert(
    fc.property(fc.array(asked, { maxLength: 30 }), (all) => {
      const locks: Lock[] = [];
      for (const { transaction, key, mode, ends } of all) {
        // A transaction asks for one thing at a time.
        const waits = locks.some(({ queue }) =>
          queue.some((one) => one.transaction === transaction),
        );
        if (ends || waits) release(locks, transaction);
        else acquire(locks, key, claim(transaction, mode));
        for (const { holders, queue } of locks) {
          for (const one of holders) {
            expect(holders.some((other) => conflicts(one, other))).toBe(false);
          }
          const [next] = queue;
          if (next !== undefined) expect(holders.some((one) => conflicts(one, next))).toBe(true);
        }
      }
    }),
    { seed: 7, numRuns: 200 },
  );
});

test('the older one waits under wait-die, the younger one under wound-wait', () => {
  const [old, young] = [claim('a', 'exclusive', 1), claim('b', 'exclusive', 2)];
  expect(waitDie(old, [young])).toEqual({ dies: false, wounds: [] });
  expect(waitDie(young, [old]).dies).toBe(true);
  expect(woundWait(old, [young]).wounds).toEqual([young]);
  expect(woundWait(young, [old])).toEqual({ dies: false, wounds: [] });
});

test('transactions of one instant have an order all the same', () => {
  expect(isOlder({ at: 1, name: 'a' }, { at: 1, name: 'b' })).toBe(true);
  expect(isOlder({ at: 1, name: 'b' }, { at: 1, name: 'a' })).toBe(false);
});

describe('the waits-for graph', () => {
  const wait = (waiter: string, holder: string, at = 0) => ({
    waiter,
    holder,
    shard: 'n1',
    age: { at, name: waiter },
  });

  test('has no circle in a chain', () => {
    expect(findCycle([wait('a', 'b'), wait('b', 'c'), wait('a', 'c')])).toEqual([]);
  });

  test('shows a circle behind a chain that leads to it, and its youngest is the victim', () => {
    const waits = [wait('z', 'a', 9), wait('a', 'b', 1), wait('b', 'c', 3), wait('c', 'a', 2)];
    const cycle = findCycle(waits);
    expect(cycle.toSorted()).toEqual(['a', 'b', 'c']);
    expect(victimOf(cycle, waits)?.waiter).toBe('b');
  });
});
