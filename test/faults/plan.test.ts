/** Random fault plans are drawn from their rates, and end when they say. */
import { expect, test } from 'vitest';
import { fingerprintText } from '../../sim/engine/index.ts';
import { isHarmed } from '../../sim/faults/harm.ts';
import {
  drawPlan,
  ordinaryFaults,
  Plan,
  planParts,
  randomPartitions,
  type PlanConfig,
} from '../../sim/faults/index.ts';
import { echoWorld, runUntil } from '../helpers/echo-world.ts';

const everything = (nodes: number): PlanConfig => ({
  faults: [randomPartitions(0.2), ...ordinaryFaults(nodes, planParts, 10)],
  healAtUs: 30_000_000,
});

test('a partition begins about as often as its probability says, while none is in force', () => {
  const faults = [{ ...randomPartitions(0.1), leastUs: 1, mostUs: 1 }];
  const director = new Plan({ faults, healAtUs: 2_000_000_000 });
  const { world, notes } = echoWorld({ director, everyMs: 2000, seed: 'probability' });
  runUntil(world, 2_000_000);
  const begun = notes.logs.filter(({ event }) => event === 'partition_detected').length;
  expect(begun).toBeGreaterThan(160);
  expect(begun).toBeLessThan(240);
});

test('with probability 1 and long partitions there is one at a time', () => {
  const faults = [{ ...randomPartitions(1), leastUs: 2_500_000, mostUs: 2_500_000 }];
  const director = new Plan({ faults, healAtUs: 60_000_000 });
  const { world, notes } = echoWorld({ director, seed: 'one at a time' });
  runUntil(world, 60_000);
  const order = notes.logs.map(({ event }) => event);
  expect(order.length).toBeGreaterThan(20);
  order.forEach((event, i) => {
    expect(event).toBe(i % 2 === 0 ? 'partition_detected' : 'partition_healed');
  });
});

test.each(['a', 'b', 'c', 'd', 'e'])('under plan %s all is whole when it ends', (seed) => {
  const { world, notes } = echoWorld({ director: new Plan(everything(5)), seed, clients: 1 });
  let stopped = 0;
  for (let ms = 0; ms < 30_000; ms += 50) {
    runUntil(world, ms);
    stopped = Math.max(stopped, world.nodes.filter(({ status }) => status !== 'up').length);
    expect(world.faultsPending).toBeGreaterThan(0);
  }
  runUntil(world, 30_001);
  expect(notes.faults.length).toBeGreaterThan(30);
  expect(stopped).toBeGreaterThan(0);
  expect(stopped).toBeLessThanOrEqual(2);
  expect(isHarmed(world)).toBe(false);
  expect(world.network.inForce).toEqual([]);
  for (const { clock } of world.nodes) expect(clock.read(world.now)).toBe(world.now);
  runUntil(world, 40_000);
  expect(world.faultsPending).toBe(0);
  expect(world.lastFaultAt).toBeLessThanOrEqual(30_000_000);
});

test('the same seed draws the same plan and the same run; another seed does not', () => {
  const runs = ['x', 'x', 'y'].map((seed) => {
    const run = echoWorld({ director: new Plan(everything(5)), seed, clients: 1 });
    runUntil(run.world, 10_000);
    return run;
  });
  const [first, second, third] = runs.map(({ world }) => fingerprintText(world));
  expect(second).toBe(first);
  expect(runs[1]?.notes.events).toEqual(runs[0]?.notes.events);
  expect(third).not.toBe(first);
});

test('taking one fault out of a plan shifts nothing of the others', () => {
  const { world } = echoWorld({ seed: 'shift' });
  const config = everything(5);
  const all = drawPlan(world, config);
  const without = drawPlan(world, { ...config, faults: config.faults.slice(1) });
  expect(without).toEqual(all.filter(({ fault }) => fault.kind !== 'random-partition'));
  expect(without.length).toBeLessThan(all.length);
});

test('nothing of a plan lasts beyond its end', () => {
  const { world } = echoWorld({ seed: 'end' });
  for (const { trigger, forUs = 0 } of drawPlan(world, everything(5))) {
    expect(trigger.type === 'at' && trigger.us + forUs <= 30_000_000).toBe(true);
  }
});
