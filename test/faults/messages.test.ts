/** Weather does to the messages of its links what it says, as often as it says. */
import { expect, test } from 'vitest';
import { EventKind } from '../../sim/engine/index.ts';
import type { MessageFault } from '../../sim/faults/index.ts';
import { echoWorld, inject, runUntil, stateOf, type EchoSetup } from '../helpers/echo-world.ts';

/** Sends pings 1…count from n1 to n2, one each millisecond, under the given faults. */
function deliver(count: number, faults: readonly MessageFault[], setup: EchoSetup = {}) {
  const run = echoWorld({ nodes: 3, everyMs: 0, seed: 'weather', ...setup });
  for (const fault of faults) inject(run, fault);
  for (let number = 1; number <= count; number++) {
    run.world.now = number * 1000;
    run.world.transmit(EventKind.message, 0, 1, { type: 'Ping', number });
  }
  const late: number[] = [];
  run.world.schedule.each(({ at, payload }) => {
    late.push(at / 1000 - (payload as unknown as { number: number }).number);
  });
  runUntil(run.world, count + 60_000);
  return { heard: stateOf(run.world, 'n2').heard['n1'] ?? [], late, world: run.world };
}

test('loss of 10 % loses between 8 and 12 % of 10,000 messages', () => {
  const { world } = deliver(10_000, [{ kind: 'loss', ppm: 100_000 }]);
  expect(world.counters.dropped).toBeGreaterThan(800);
  expect(world.counters.dropped).toBeLessThan(1200);
});

test('two losses lose more than one: each has its say', () => {
  const { world } = deliver(10_000, [
    { kind: 'loss', ppm: 100_000 },
    { kind: 'loss', ppm: 200_000, between: ['n2'] },
  ]);
  expect(world.counters.dropped).toBeGreaterThan(2600);
  expect(world.counters.dropped).toBeLessThan(3000);
});

test('loss between other nodes loses nothing here', () => {
  const { heard } = deliver(1000, [{ kind: 'loss', ppm: 1_000_000, between: ['n3'] }]);
  expect(heard).toHaveLength(1000);
});

test('duplicates of 10 % deliver between 8 and 12 % of 10,000 messages twice', () => {
  const { heard } = deliver(10_000, [{ kind: 'duplicate', ppm: 100_000 }]);
  expect(heard.length).toBeGreaterThan(10_800);
  expect(heard.length).toBeLessThan(11_200);
  expect(new Set(heard).size).toBe(10_000);
});

test('delay comes on top of the latency of the link, with the median that it names', () => {
  const { late } = deliver(2001, [{ kind: 'delay', medianUs: 40_000, shape: 'heavy-tail' }]);
  const sorted = late.toSorted((a, b) => a - b);
  expect(sorted[0]).toBeGreaterThanOrEqual(10 + 24);
  expect(sorted[1000]).toBeGreaterThan(10 + 38);
  expect(sorted[1000]).toBeLessThan(10 + 42);
  expect(sorted.at(-1)).toBeGreaterThan(10 + 200);
});

test('reordering lets later messages overtake, and keeps all of them', () => {
  const { heard, late } = deliver(1000, [{ kind: 'reorder', ppm: 200_000, byUs: 50_000 }]);
  expect(new Set(heard).size).toBe(1000);
  expect(heard).toHaveLength(1000);
  expect(Math.max(...late)).toBeLessThanOrEqual(60);
  const overtaken = heard.filter((number, i) => number < Math.max(...heard.slice(0, i + 1)));
  expect(overtaken.length).toBeGreaterThan(150);
  expect(overtaken.length).toBeLessThan(250);
});

test('a FIFO link stays in order under reordering and duplicates', () => {
  const weather: MessageFault[] = [
    { kind: 'reorder', ppm: 200_000, byUs: 50_000 },
    { kind: 'duplicate', ppm: 100_000 },
  ];
  const { heard } = deliver(1000, weather, { network: { fifo: true } });
  expect(heard).toEqual(heard.toSorted((a, b) => a - b));
});

test('an old packet comes again 4 to 200 latencies later, about as often as it says', () => {
  const { heard, late } = deliver(10_000, [{ kind: 'replay-old', ppm: 50_000 }]);
  const old = late.filter((ms) => ms > 10);
  expect(heard.length).toBe(10_000 + old.length);
  expect(old.length).toBeGreaterThan(400);
  expect(old.length).toBeLessThan(600);
  expect(Math.min(...old)).toBeGreaterThanOrEqual(40);
  expect(Math.max(...old)).toBeGreaterThan(1500);
  expect(Math.max(...old)).toBeLessThanOrEqual(2000);
});

test('weather that sets in during a cut carries nothing over it', () => {
  const run = echoWorld({ nodes: 2 });
  inject(run, { kind: 'isolate', nodes: ['n1'] });
  inject(run, { kind: 'duplicate', ppm: 1_000_000 });
  inject(run, { kind: 'delay', medianUs: 1000, shape: 'fixed' });
  runUntil(run.world, 1000);
  expect(stateOf(run.world, 'n2').heard).toEqual({});
});

test('the loss that is configured goes on under other weather', () => {
  const { world } = deliver(10_000, [{ kind: 'duplicate', ppm: 100_000 }], {
    network: { lossPpm: 100_000 },
  });
  expect(world.counters.dropped).toBeGreaterThan(800);
  expect(world.counters.dropped).toBeLessThan(1200);
});

test('when a loss ends, what is sent later arrives as it would have without it', () => {
  const arrivals = (faults: readonly MessageFault[]) => {
    const run = echoWorld({ network: { shape: 'uniform' } });
    for (const fault of faults) inject(run, fault);
    runUntil(run.world, 500);
    inject(run, { kind: 'heal', what: 'messages' });
    runUntil(run.world, 600);
    const from = run.notes.events.length;
    runUntil(run.world, 1500);
    return run.notes.events.slice(from).filter((name) => name.includes('Ping'));
  };
  expect(arrivals([{ kind: 'loss', ppm: 300_000 }])).toEqual(arrivals([]));
});
