/** A clock that is wrong makes timers wrong by exactly as much. */
import { expect, test } from 'vitest';
import { echoWorld, inject, runUntil, stateOf } from '../helpers/echo-world.ts';

test.each([
  [100_000, 109],
  [-100_000, 90],
  [-500_000, 50],
  [0, 100],
])('with a drift of %i ppm a timer of 10 ms fires %i times in a second', (ppm, times) => {
  const { world } = runWith(ppm);
  // The timer that was armed before keeps its time, so the count may be one off.
  expect(Math.abs(stateOf(world, 'n1').sent - times)).toBeLessThanOrEqual(1);
  expect(stateOf(world, 'n2').sent).toBe(100);
});

function runWith(ppm: number) {
  const run = echoWorld({ nodes: 2, everyMs: 10 });
  inject(run, { kind: 'clock-drift', nodes: ['n1'], ppm });
  runUntil(run.world, 1000);
  return run;
}

test('a fast clock shows more time than has passed, and its end stops the gain only', () => {
  const run = echoWorld();
  const action = { kind: 'clock-drift', nodes: ['n1'], ppm: 100_000, forUs: 1_000_000 };
  run.world.perform(run.world.scheduleFault(0, action));
  const ahead = () => (run.world.nodes[0]?.clock.read(run.world.now) ?? 0) - run.world.now;
  runUntil(run.world, 500);
  expect(ahead()).toBe(50_000);
  runUntil(run.world, 3000);
  expect(ahead()).toBe(100_000);
  inject(run, { kind: 'heal', what: 'clocks' });
  expect(ahead()).toBe(0);
});

test('a step that ends after a heal leaves the clock right', () => {
  const run = echoWorld();
  const action = { kind: 'clock-step', nodes: ['n1'], byUs: 70_000, forUs: 100_000 };
  run.world.perform(run.world.scheduleFault(0, action));
  inject(run, { kind: 'heal', what: 'clocks' });
  runUntil(run.world, 200);
  expect(run.world.nodes[0]?.clock.read(run.world.now)).toBe(run.world.now);
});

test('a step moves the clock that the protocol reads, and no timer', () => {
  const run = echoWorld({ nodes: 2, everyMs: 100 });
  runUntil(run.world, 150);
  const action = { kind: 'clock-step', nodes: ['n1'], byUs: -70_000, forUs: 200_000 };
  run.world.perform(run.world.scheduleFault(run.world.now, action));
  runUntil(run.world, 450);
  expect(stateOf(run.world, 'n1').pingedAt).toEqual([100, 130, 230, 400]);
});
