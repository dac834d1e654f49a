/** Workloads: what clients ask, and when. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Command, Plain } from '../../sim/engine/protocol.ts';
import { exponential } from '../../sim/history/arrivals.ts';
import { createWorkload, defaultWorkload } from '../../sim/history/workload.ts';
import type { OperationsConfig } from '../../sim/history/workload.ts';
import { defaultAppend } from '../../sim/history/workloads/append.ts';
import { defaultBank } from '../../sim/history/workloads/bank.ts';
import { defaultCounter } from '../../sim/history/workloads/counter.ts';
import { defaultListAppend } from '../../sim/history/workloads/list-append.ts';
import { defaultMap, defaultRegister } from '../../sim/history/workloads/registers.ts';
import { runClients } from '../common/single.ts';
import { randomFrom } from './random.ts';

const kinds: readonly OperationsConfig[] = [
  { ...defaultRegister, casPercent: 30 },
  { ...defaultMap, casPercent: 30, deletePercent: 10 },
  { ...defaultAppend, putPercent: 20 },
  defaultCounter,
  defaultListAppend,
  defaultBank,
];

/** Asks a workload for the first commands of each client in turn. */
function commands(operations: OperationsConfig, clients: number, each: number, seed: number) {
  const workload = createWorkload({ ...defaultWorkload, clients, operations });
  const choose = randomFrom(seed);
  const list: Command[] = [];
  for (let sequence = 1; sequence <= each; sequence++) {
    for (let client = 0; client < clients; client++) {
      list.push(workload.next(client, sequence, choose) as Command);
    }
  }
  return list;
}

/** Every value that a command writes. */
function written(command: Command): Plain[] {
  if (command.type === 'put' || command.type === 'append') return [command['value'] as Plain];
  if (command.type === 'cas') return [command['to'] as Plain];
  const ops = (command['ops'] ?? []) as readonly (readonly [string, string, Plain])[];
  return ops.filter(([kind]) => kind === 'append').map(([, , value]) => value);
}

test('no value is written twice, whoever writes it', () => {
  const property = fc.property(
    fc.constantFrom(...kinds),
    fc.integer({ min: 1, max: 7 }),
    fc.nat(1000),
    (operations, clients, seed) => {
      const values = commands(operations, clients, 40, seed).flatMap(written);
      expect(new Set(values).size).toBe(values.length);
    },
  );
  fc.assert(property, { seed: 20_313, numRuns: 60 });
});

test('with a small domain values repeat', () => {
  const config = { ...defaultRegister, readPercent: 0, distinctValues: 3 };
  const values = commands(config, 2, 50, 1).flatMap(written);
  expect(new Set(values)).toEqual(new Set([1, 2, 3]));
});

test.each(kinds)('the same seed gives the same run, another one another ($kind)', (operations) => {
  const workload = { clients: 3, limit: 30, operations };
  const { history } = runClients({ seed: 'one', workload });
  expect(runClients({ seed: 'one', workload }).history).toEqual(history);
  expect(runClients({ seed: 'two', workload }).history).not.toEqual(history);
  expect(history).toHaveLength(90);
  expect(history.every(({ outcome }) => outcome === 'ok')).toBe(true);
});

test('the read share and the hot keys get what they are promised', () => {
  const config = { ...defaultMap, readPercent: 80, keys: 10, hotKeys: 2, hotPercent: 90 };
  const list = commands(config, 4, 2_500, 3);
  const reads = list.filter(({ type }) => type === 'get').length;
  expect(reads / list.length).toBeCloseTo(0.8, 1);
  const hot = list.filter(({ key }) => key === 'k1' || key === 'k2').length;
  expect(hot / list.length).toBeCloseTo(0.9, 1);
  expect(new Set(list.map(({ key }) => key)).size).toBe(10);
});

test('compare-and-swaps both succeed and fail, and the failed ones say what they saw', () => {
  const operations = { ...defaultRegister, readPercent: 20, casPercent: 60 };
  const { history } = runClients({ seed: 'cas', workload: { clients: 4, limit: 50, operations } });
  const answers = history.filter(({ input }) => input.type === 'cas').map(({ output }) => output);
  const failed = answers.filter((answer) => !(answer as { swapped: boolean }).swapped);
  expect(failed.length).toBeGreaterThan(5);
  expect(answers.length - failed.length).toBeGreaterThan(5);
  for (const answer of failed) expect(answer).toHaveProperty('saw');
});

test('a forked workload remembers what was seen, and learns on its own', () => {
  const operations = { ...defaultRegister, readPercent: 0, casPercent: 100 };
  const workload = createWorkload({ ...defaultWorkload, operations });
  const get = { type: 'get', key: 'k1' };
  const first = () => 0;
  workload.ended?.(0, get, { type: 'ok', value: 7 });
  const copy = workload.fork();
  expect(copy.hash?.(0)).toBe(workload.hash?.(0));
  copy.ended?.(0, get, { type: 'ok', value: 8 });
  expect(copy.hash?.(0)).not.toBe(workload.hash?.(0));
  expect(workload.next(0, 1, first)).toMatchObject({ type: 'cas', from: 7 });
  expect(copy.next(0, 1, first)).toMatchObject({ type: 'cas', from: 8 });
});

test('money is neither made nor lost', () => {
  const { history } = runClients({
    seed: 'bank',
    workload: { clients: 5, limit: 60, operations: { ...defaultBank, maxAmount: 150 } },
  });
  const transfers = history.filter(({ input }) => input.type === 'transfer');
  expect(new Set(transfers.map(({ output }) => JSON.stringify(output))).size).toBe(2);
  for (const { input, output } of history) {
    if (input.type !== 'balances') continue;
    const balances = Object.values(output as Record<string, number>);
    expect(balances.reduce((sum, balance) => sum + balance, 0)).toBe(500);
    expect(Math.min(...balances)).toBeGreaterThanOrEqual(0);
  }
});

test('lists stay short, for clients turn to new ones', () => {
  const { history } = runClients({
    seed: 'lists',
    workload: { clients: 4, limit: 200, operations: defaultListAppend },
  });
  const reads = history.flatMap(({ output }) =>
    (output as [string, string, Plain[] | null][]).filter(([kind]) => kind === 'r'),
  );
  const lengths = reads.map(([, , list]) => list?.length ?? 0);
  expect(Math.max(...lengths)).toBeGreaterThan(10);
  expect(Math.max(...lengths)).toBeLessThan(150);
});

test('a fixed rate is kept by all clients together, whatever the latency', () => {
  const arrivals = { kind: 'fixed-rate', perSecond: 1000 } as const;
  const { history } = runClients({
    seed: 'rate',
    network: { latencyUs: 5_000, shape: 'fixed' },
    workload: { clients: 20, limit: 50, arrivals },
  });
  expect(history.map(({ invokedAt }) => invokedAt)).toEqual(
    Array.from({ length: 1000 }, (_, k) => k * 1000),
  );
});

test('an arrival that finds its client busy begins with the answer', () => {
  const arrivals = { kind: 'fixed-rate', perSecond: 1000 } as const;
  const { history } = runClients({
    seed: 'busy',
    network: { latencyUs: 5_000, shape: 'fixed' },
    workload: { clients: 2, limit: 10, arrivals },
  });
  const mine = history.filter(({ client }) => client === 'c1');
  mine.slice(1).forEach(({ invokedAt }, i) => {
    expect(invokedAt - (mine[i]?.completedAt ?? 0)).toBeLessThanOrEqual(2);
  });
});

test('Poisson arrivals have the rate that was asked for, and gaps of all lengths', () => {
  const arrivals = { kind: 'poisson', perSecond: 500 } as const;
  const { history } = runClients({
    seed: 'poisson',
    network: { latencyUs: 100, shape: 'fixed' },
    workload: { clients: 50, limit: 100, arrivals },
    untilMs: 8_000,
  });
  const early = history.filter(({ invokedAt }) => invokedAt < 8_000_000).map((o) => o.invokedAt);
  expect(early.length).toBeGreaterThan(3_700);
  expect(early.length).toBeLessThan(4_300);
  const gaps = early.slice(1).map((at, i) => at - (early[i] ?? 0));
  const share = (bound: number) => gaps.filter((gap) => gap > bound).length / gaps.length;
  expect(share(2_000)).toBeCloseTo(0.368, 1);
  expect(share(6_000)).toBeCloseTo(0.05, 1);
});

test('von Neumann draws have mean, spread and tail of the exponential distribution', () => {
  const choose = randomFrom(5);
  const draws = Array.from({ length: 50_000 }, () => exponential(1_000, choose));
  const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length;
  const square = draws.reduce((sum, draw) => sum + draw * draw, 0) / draws.length;
  expect(mean / 1_000).toBeCloseTo(1, 1);
  expect(square / 2_000_000).toBeCloseTo(1, 1);
  expect(draws.filter((draw) => draw > 3_000).length / draws.length).toBeCloseTo(0.0498, 2);
});

test('exponential draws end under a strategy that always answers least or most', () => {
  expect(exponential(1_000, () => 0)).toBe(0);
  expect(exponential(1_000, (bound) => bound - 1)).toBe(999);
});
