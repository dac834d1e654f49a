/** The library: what a verdict says, small examples of each level, and scale without a clock. */
import { expect, test } from 'vitest';
import {
  ConsistencyError,
  casRegister,
  check,
  checkListAppend,
  checkReplicas,
  counter,
  map,
} from '../../invariants/history/index.ts';
import type { History, Operation } from '../../sim/history/operation.ts';
import type { MicroOperation } from '../../sim/history/vocabulary.ts';
import { historyMatchers } from '../../sim/property/matchers.ts';
import { registerHistory } from '../bench/histories.ts';

expect.extend(historyMatchers);

/** `[client, from, to, input, output]`; to null: nobody knows. */
type Row = readonly [string, number, number | null, object, unknown?];

const history = (...rows: Row[]): History =>
  rows.map(([client, invokedAt, completedAt, input, output]): Operation => {
    const base = { client, input, invokedAt, completedAt };
    return completedAt === null ? { ...base, outcome: 'info' } : { ...base, outcome: 'ok', output };
  });

const write = (value: number): object => ({ type: 'write', value });
const read = { type: 'read' };

test('a stale read is not linearizable, but sequential', () => {
  const stale = history(['a', 1, 2, write(1), null], ['b', 3, 4, read, null]);
  expect(stale).not.toBeLinearizable(casRegister());
  expect(stale).toBeSequential(casRegister());
  expect(check(stale, casRegister()).counterexample?.because).toEqual([
    "a's write 1 completed before b's read → null was invoked.",
    'However, no order that respects this gives every operation the answer it got.',
  ]);
});

test('a write that nobody answered may take effect at any later time, or never', () => {
  const crashed = ['a', 1, null, write(1)] as const;
  expect(history(crashed, ['b', 5, 6, read, null], ['b', 8, 9, read, 1])).toBeLinearizable(
    casRegister(),
  );
  expect(history(crashed, ['b', 5, 6, read, 1], ['b', 8, 9, read, null])).not.toBeLinearizable(
    casRegister(),
  );
});

test('an operation of a moment is concurrent with one invoked at that moment', () => {
  const touching = history(['a', 1, 3, write(1), null], ['b', 3, 4, read, null]);
  expect(touching).toBeLinearizable(casRegister());
});

test('a search that runs out of configurations says so', () => {
  const large = registerHistory(3, 10, 2000, 5);
  const result = check(large, casRegister(), { configurations: 10 });
  expect(result).toMatchObject({ verdict: 'unknown', exhausted: '10 configurations' });
});

test('a user writes a model of three lines', () => {
  const latch = {
    name: 'latch',
    initial: 'open',
    step: (_state: string, input: { type: string }) => (input.type === 'shut' ? 'shut' : null),
  };
  expect(history(['a', 1, 2, { type: 'shut' }])).toBeLinearizable(latch);
  expect(history(['a', 1, 2, { type: 'open' }])).not.toBeLinearizable(latch);
});

test('a state that is not plain data is refused instead of confused', () => {
  const odd = { name: 'odd', initial: new Map(), step: () => new Map() };
  expect(() => check(history(['a', 1, 2, { type: 'x' }]), odd)).toThrow(/keyOf/);
});

test('sequential consistency is not local: two keys that are each fine are not together', () => {
  const at = (key: string, input: object): object => ({ ...input, key });
  const both = history(
    ['a', 1, 2, at('x', write(1)), null],
    ['a', 3, 4, at('y', read), null],
    ['b', 1, 2, at('y', write(1)), null],
    ['b', 3, 4, at('x', read), null],
  );
  expect(both).not.toBeSequential(map());
  expect(both).toBeCausal(map());
  expect(both).toHaveConsistency(map(), 'session');
});

test('causal levels tell apart the litmus histories of POPL 2017', () => {
  // Two sessions see two concurrent writes in different orders, and go on seeing them so.
  const split = history(
    ['a', 1, 2, write(1), null],
    ['b', 1, 2, write(2), null],
    ['a', 3, 4, read, 2],
    ['b', 3, 4, read, 1],
  );
  expect(split).toHaveConsistency(casRegister(), 'causal-memory');
  expect(split).not.toHaveConsistency(casRegister(), 'causal-convergence');
});

const txn = (client: string, at: number, ...ops: MicroOperation[]): Row => {
  const input = ops.map(([f, key, value]) => [f, key, f === 'r' ? null : value]);
  return [client, at, at + 1, { type: 'txn', ops: input }, ops];
};

test('write skew is snapshot isolated and not serializable', () => {
  const skew = history(
    txn('a', 1, ['append', 'x', 1], ['r', 'y', []]),
    txn('b', 1, ['append', 'y', 1], ['r', 'x', []]),
    txn('c', 5, ['r', 'x', [1]], ['r', 'y', [1]]),
  );
  expect(skew).toBeIsolated('list-append', 'snapshot-isolation');
  expect(skew).not.toBeIsolated('list-append', 'serializable');
  expect(checkListAppend(skew).anomalies).toEqual(['G2-item']);
});

test('two snapshots that append to one list conflict, even if nobody reads it', () => {
  const conflict = history(
    txn('a', 1, ['r', 'y', []], ['append', 'x', 1], ['append', 'k', 1]),
    txn('b', 1, ['r', 'x', []], ['append', 'y', 2], ['append', 'k', 2]),
  );
  expect(conflict).not.toBeIsolated('list-append', 'snapshot-isolation');
  expect(checkListAppend(conflict).anomalies).toEqual(['unread conflict']);
});

test('each anomaly of lists has its name', () => {
  const names = (...rows: Row[]): readonly string[] => checkListAppend(history(...rows)).anomalies;
  const seen = txn('c', 9, ['r', 'x', [1, 2]], ['r', 'y', [2, 1]]);
  expect(
    names(
      txn('a', 1, ['append', 'x', 1], ['append', 'y', 1]),
      txn('b', 1, ['append', 'x', 2], ['append', 'y', 2]),
      seen,
    ),
  ).toContain('G0');
  expect(
    names(
      txn('a', 1, ['append', 'x', 1], ['r', 'y', [1]]),
      txn('b', 1, ['append', 'y', 1], ['r', 'x', [1]]),
    ),
  ).toContain('G1c');
  expect(
    names(txn('a', 1, ['append', 'x', 1], ['append', 'x', 2]), txn('b', 1, ['r', 'x', [1]])),
  ).toContain('G1b');
  expect(
    names(
      txn('a', 1, ['append', 'x', 1]),
      txn('b', 5, ['r', 'x', []]),
      txn('c', 9, ['r', 'x', [1]]),
    ),
  ).toContain('G-single-realtime');
  expect(
    names(
      txn('a', 1, ['r', 'x', []], ['append', 'x', 1]),
      txn('b', 1, ['r', 'x', []], ['append', 'x', 2]),
    ),
  ).toContain('lost update');
  const failed: Operation = {
    client: 'a',
    input: { type: 'txn', ops: [['append', 'x', 1]] },
    invokedAt: 1,
    completedAt: 2,
    outcome: 'fail',
  };
  expect(checkListAppend([failed, ...history(txn('b', 3, ['r', 'x', [1]]))]).anomalies).toContain(
    'G1a',
  );
});

test('replicas that differ prove nothing before quiescence', () => {
  const replicas = [
    { node: 'n1', digest: 'a' },
    { node: 'n2', digest: 'b' },
  ];
  expect(checkReplicas(replicas, false).verdict).toBe('unknown');
  expect(checkReplicas(replicas, true).verdict).toBe('invalid');
  const applied = replicas.map((replica) => ({ ...replica, applied: ['u1'] }));
  expect(checkReplicas(applied, false).verdict).toBe('invalid');
});

test('a consistency that makes no sense for the model is refused', () => {
  expect(() => check([], counter(), { consistency: 'causal' })).toThrow(ConsistencyError);
  expect(() => check([], map(), { consistency: 'linearisable' })).toThrow(/expected one of/);
  expect(() => check([], 'rw-register', { consistency: 'read-committed' })).toThrow(
    ConsistencyError,
  );
});

test('unique values need no search, few values a short one', () => {
  const unique = check(registerHistory(1, 10, 100_000, 0), casRegister());
  expect(unique).toMatchObject({ verdict: 'valid', algorithm: 'zones', configurations: 0 });
  const few = check(registerHistory(3, 10, 20_000, 5), casRegister());
  expect(few).toMatchObject({ verdict: 'valid', algorithm: 'search' });
  expect(few.configurations).toBeLessThan(20_000);
});
