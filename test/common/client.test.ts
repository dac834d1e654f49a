/** The default client end to end, against a store that answers and a network that may not. */
import { expect, test } from 'vitest';
import { EventKind, fingerprintText, run } from '../../sim/engine/index.ts';
import { defaultRetry } from '../../protocols/common/retry.ts';
import { defaultAppend } from '../../sim/history/workloads/append.ts';
import { defaultRegister } from '../../sim/history/workloads/registers.ts';
import { createWorld, runClients, type Setup, type SingleState } from './single.ts';

const appends = { ...defaultAppend, keys: 1, readPercent: 0 };
/** 30 % of requests and of answers are lost. */
const lossy = (seed: string): Setup => ({
  seed,
  network: { lossPpm: 300_000 },
  client: { requestTimeoutMs: 200, retry: { ...defaultRetry, maxAttempts: 100 } },
  workload: { clients: 3, limit: 20, operations: appends },
});
const seeds = ['a', 'b', 'c', 'd', 'e'];

/** How often each word was appended. */
function appended(setup: Setup): Map<string, number> {
  const { states } = runClients(setup);
  const words = (states[0] as SingleState).machine.read('k1') as string;
  const counts = new Map<string, number>();
  for (const word of words.split(';').slice(0, -1)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

test.each(seeds)('with sessions every append takes effect exactly once (seed %s)', (seed) => {
  const { history, states } = runClients(lossy(seed));
  expect(history).toHaveLength(60);
  expect(new Set(history.map(({ outcome }) => outcome))).toEqual(new Set(['ok']));
  expect(states[0]?.received.length).toBeGreaterThan(60);
  const counts = appended(lossy(seed));
  expect(counts.size).toBe(60);
  expect(new Set(counts.values())).toEqual(new Set([1]));
});

test.each(seeds)('without sessions some append takes effect twice (seed %s)', (seed) => {
  const counts = appended({ ...lossy(seed), options: { deduplicate: false } });
  expect(Math.max(...counts.values())).toBeGreaterThan(1);
});

test('with sessions a duplicating network is harmless, too', () => {
  const network = { duplicatePpm: 500_000 };
  const counts = appended({ ...lossy('a'), network });
  expect(counts.size).toBe(60);
  expect(new Set(counts.values())).toEqual(new Set([1]));
});

test('a retry carries the same request id and the next attempt number', () => {
  const { states } = runClients(lossy('a'));
  const attempts = new Map<string, number[]>();
  for (const { client, sequence, attempt } of states[0]?.received ?? []) {
    const id = `${client}-${sequence}`;
    attempts.set(id, [...(attempts.get(id) ?? []), attempt]);
  }
  expect([...attempts.values()].some((list) => list.length > 1)).toBe(true);
  for (const list of attempts.values()) expect(list).toEqual([...new Set(list)]);
});

test('a hint leads the client to the owner without a delay, and it stays there', () => {
  const { history, states } = runClients({
    seed: 'hint',
    nodes: 5,
    options: { owner: 'n4', hint: 'n4' },
    network: { shape: 'fixed', latencyUs: 1_000 },
    workload: { clients: 4, limit: 10, operations: defaultRegister },
  });
  expect(history.every(({ outcome }) => outcome === 'ok')).toBe(true);
  const longest = Math.max(...history.map((o) => (o.completedAt ?? 0) - o.invokedAt));
  // There and back twice at most; the recorder may shift simultaneous events by microseconds.
  expect(longest).toBeLessThan(4_100);
  expect(states.reduce((sum, { asked }) => sum + asked, 0)).toBeLessThanOrEqual(44);
});

test('without a hint the client finds the owner by trying one node after the other', () => {
  const { history } = runClients({
    seed: 'no hint',
    nodes: 5,
    options: { owner: 'n4' },
    workload: { clients: 5, limit: 3 },
  });
  expect(history).toHaveLength(15);
  expect(history.every(({ outcome }) => outcome === 'ok')).toBe(true);
});

test('an operation that every node refused has failed, after exactly max_attempts sends', () => {
  const { history, states } = runClients({
    seed: 'refused',
    nodes: 3,
    options: { owner: null },
    workload: { clients: 1, limit: 1 },
  });
  expect(history.map(({ outcome, error }) => [outcome, error])).toEqual([
    ['fail', 'LEADER_NOT_FOUND'],
  ]);
  expect(states.reduce((sum, { asked }) => sum + asked, 0)).toBe(10);
});

test('a refusal proves nothing where the network may duplicate requests', () => {
  const { history } = runClients({
    seed: 'refused',
    nodes: 3,
    options: { owner: null },
    client: { requestsMayDuplicate: true },
    workload: { clients: 1, limit: 1 },
  });
  expect(history[0]).toMatchObject({ outcome: 'info', error: 'LEADER_NOT_FOUND' });
});

test('an operation that was never answered is info, and its client goes on', () => {
  const { history } = runClients({
    seed: 'lost',
    network: { lossPpm: 1_000_000 },
    workload: { clients: 1, limit: 2 },
  });
  expect(history.map(({ outcome, error, completedAt }) => [outcome, error, completedAt])).toEqual([
    ['info', 'TIMEOUT', null],
    ['info', 'TIMEOUT', null],
  ]);
});

test('two nodes that name each other do not use up the attempts in an instant', () => {
  const { history } = runClients({
    seed: 'loop',
    nodes: 2,
    options: { owner: null, hint: 'n2' },
    network: { shape: 'fixed', latencyUs: 1_000 },
    workload: { clients: 1, limit: 1 },
  });
  const [operation] = history;
  expect(operation?.outcome).toBe('fail');
  const lasted = (operation?.completedAt ?? 0) - (operation?.invokedAt ?? 0);
  expect(lasted).toBeGreaterThan(1_000_000);
});

test('a hint that names nobody is not followed', () => {
  const { history } = runClients({
    seed: 'nobody',
    nodes: 3,
    options: { owner: 'n3', hint: 'n99' },
    workload: { clients: 3, limit: 2 },
  });
  expect(history.every(({ outcome }) => outcome === 'ok')).toBe(true);
});

test('a code that is not in retry_on ends the operation at its first attempt', () => {
  const { history, states } = runClients({
    seed: 'abort',
    options: { owner: null },
    client: { retry: { ...defaultRetry, retryOn: [] } },
    workload: { clients: 1, limit: 1 },
  });
  expect(history[0]).toMatchObject({ outcome: 'fail', error: 'LEADER_NOT_FOUND' });
  expect(states[0]?.asked).toBe(1);
});

test('abort_on wins over retry_on', () => {
  const retry = { ...defaultRetry, abortOn: ['LEADER_NOT_FOUND'] };
  const { states } = runClients({
    seed: 'abort',
    options: { owner: null },
    client: { retry },
    workload: { clients: 1, limit: 1 },
  });
  expect(states[0]?.asked).toBe(1);
});

test('a fork in the middle of a run goes on exactly like the original', () => {
  const { world, recorder } = createWorld(lossy('fork'));
  run(world, { untilUs: 2_000_000, maxEvents: 200 });
  const copy = world.fork();
  const rest = { untilUs: 600_000_000, maxEvents: 1_000_000 };
  const before = recorder.history().length;
  run(copy, rest);
  expect(recorder.history()).toHaveLength(before);
  run(world, rest);
  expect(fingerprintText(copy)).toBe(fingerprintText(world));
  expect(copy.counters.byKind[EventKind.invoke]).toBe(world.counters.byKind[EventKind.invoke]);
});
