/** The recorder: from what clients did to a history. */
import { expect, test } from 'vitest';
import { Recorder } from '../../sim/history/recorder.ts';
import { inModelWords } from '../../sim/history/translate.ts';
import { defaultMap } from '../../sim/history/workloads/registers.ts';
import { runClients } from '../common/single.ts';

const get = { type: 'get', key: 'k1' };
const put = (value: number) => ({ type: 'put', key: 'k1', value });
const ok = (value: number | null) => ({ type: 'ok', value }) as const;

test('each outcome is written down with its times, events and error', () => {
  const recorder = new Recorder();
  recorder.invoked(0, 1, put(1), 10, 3);
  recorder.invoked(1, 1, get, 20, 4);
  recorder.completed(1, 1, ok(1), 30, 5);
  recorder.completed(0, 1, { type: 'info', error: 'TIMEOUT' }, 40, 6);
  recorder.invoked(1, 2, put(2), 50, 7);
  recorder.completed(1, 2, { type: 'fail', error: 'LEADER_NOT_FOUND' }, 60, 8);
  recorder.invoked(0, 2, get, 70, 9);
  expect(recorder.history()).toEqual([
    {
      client: 'c1',
      input: put(1),
      invokedAt: 10,
      outcome: 'info',
      error: 'TIMEOUT',
      completedAt: null,
      invokeEvent: 3,
      completeEvent: 6,
    },
    {
      client: 'c2',
      input: get,
      invokedAt: 20,
      outcome: 'ok',
      output: 1,
      completedAt: 30,
      invokeEvent: 4,
      completeEvent: 5,
    },
    {
      client: 'c2',
      input: put(2),
      invokedAt: 50,
      outcome: 'fail',
      error: 'LEADER_NOT_FOUND',
      completedAt: 60,
      invokeEvent: 7,
      completeEvent: 8,
    },
    { client: 'c1', input: get, invokedAt: 70, outcome: 'info', completedAt: null, invokeEvent: 9 },
  ]);
});

test('what happened first has the earlier time, even within one instant', () => {
  const recorder = new Recorder();
  recorder.invoked(0, 1, put(1), 5, 0);
  recorder.completed(0, 1, ok(null), 5, 1);
  recorder.invoked(1, 1, get, 5, 2);
  recorder.completed(1, 1, ok(1), 9, 3);
  const [write, read] = recorder.history();
  expect(write?.completedAt).toBeLessThan(read?.invokedAt ?? 0);
  expect(read?.completedAt).toBe(9);
});

test('a fork keeps the past and shares no future', () => {
  const recorder = new Recorder();
  recorder.invoked(0, 1, put(1), 1, 0);
  const copy = recorder.fork();
  expect(copy.hash(0)).toBe(recorder.hash(0));
  recorder.completed(0, 1, ok(null), 2, 1);
  copy.completed(0, 1, { type: 'info', error: 'TIMEOUT' }, 3, 1);
  expect(recorder.history().map(({ outcome }) => outcome)).toEqual(['ok']);
  expect(copy.history().map(({ outcome }) => outcome)).toEqual(['info']);
  expect(copy.hash(0)).not.toBe(recorder.hash(0));
});

test('the hash tells orders apart and does not look at times', () => {
  const order = (first: number, second: number, at: number) => {
    const recorder = new Recorder();
    recorder.invoked(first, 1, get, at, 0);
    recorder.invoked(second, 1, get, at, 1);
    recorder.completed(first, 1, ok(null), at + 1, 2);
    return recorder.hash(1);
  };
  expect(order(0, 1, 10)).toBe(order(0, 1, 900));
  expect(order(0, 1, 10)).not.toBe(order(1, 0, 10));
});

test('events of a history point into the run', () => {
  const { history, world } = runClients({ seed: 'points', workload: { clients: 3, limit: 30 } });
  expect(history).toHaveLength(90);
  const events = history.flatMap((o) => [o.invokeEvent ?? -1, o.completeEvent ?? -1]);
  expect(new Set(events).size).toBe(180);
  expect(Math.min(...events)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...events)).toBeLessThan(world.counters.events);
  for (const { invokedAt, completedAt } of history) expect(completedAt).toBeGreaterThan(invokedAt);
});

test('commands of the store become operations of registers', () => {
  const operations = { ...defaultMap, casPercent: 30, deletePercent: 30 };
  const workload = { clients: 2, limit: 100, operations };
  const { history } = runClients({ seed: 'words', workload });
  const inputs = inModelWords(history, 'map').map(({ input }) => input as { type: string });
  expect(new Set(inputs.map(({ type }) => type))).toEqual(new Set(['read', 'write', 'cas']));
  const deletion = history.findIndex(({ input }) => input.type === 'delete');
  expect(inputs[deletion]).toEqual({
    type: 'write',
    key: history[deletion]?.input['key'],
    value: null,
  });
});

test('an absent string reads empty, an absent counter zero', () => {
  const recorder = new Recorder();
  recorder.invoked(0, 1, get, 1, 0);
  recorder.completed(0, 1, ok(null), 2, 1);
  const history = recorder.history();
  expect(inModelWords(history, 'append')[0]?.output).toBe('');
  expect(inModelWords(history, 'counter')[0]).toMatchObject({
    input: { type: 'read', key: 'k1' },
    output: 0,
  });
  expect(inModelWords(history, 'register')[0]?.output).toBe(null);
});
