/** The museum: every trace still shows its error, and none of them is wrong about clean Raft. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { World, timed } from '../../sim/engine/index.ts';
import { followSteps, stepOf } from '../../sim/trace/index.ts';
import { replayPrepared, runScenario } from '../../sim/trace/run-scenario.ts';
import { catalogueText, exhibits, folder, prepareText } from './exhibits.ts';
import { tracesOf } from './traces.ts';

const traces = tracesOf(folder);

/**
 * What the search has not found in 60,000 runs. The bank's own models found no violation of the
 * first either; the two others need a snapshot under way at just the wrong moment.
 */
const missing = [
  'stale-append-reply',
  'snapshot-truncates-good-suffix',
  'snapshot-reply-no-term-check',
];

describe.each([...traces])('the trace of %s', (id, trace) => {
  const { scenario } = trace.header;
  const violation = trace.footer?.violation;

  test('violates its invariant at its last event, in a strict replay', () => {
    const report = replayPrepared(trace, prepareText(scenario.text, scenario.file));
    expect(report.divergence).toBeNull();
    expect(report.violation).toEqual(violation);
    expect(violation?.event).toBe(trace.events.length - 1);
    expect(exhibits.find((mutant) => mutant.id === id)?.violates).toContain(violation?.invariant);
  });

  test('is what its scenario does by itself', () => {
    const run = runScenario(prepareText(scenario.text, scenario.file));
    expect(run.script).toBeNull();
    expect(run.hash).toBe(trace.footer?.hash);
  });

  test('is silent, or cannot happen, without the mutant', () => {
    const world = new World(prepareText(scenario.text, scenario.file, []).world, timed);
    followSteps(world, trace.events.map(stepOf));
    expect(world.violation).toBeNull();
  });
});

test('every mutant that a schedule can betray has a trace, except those that are named', () => {
  const without = exhibits.filter(({ id }) => !traces.has(id)).map(({ id }) => id);
  expect(without.toSorted()).toEqual(missing.toSorted());
});

test('the catalogue has a sentence for each trace', () => {
  expect(readFileSync('traces/README.md', 'utf8')).toBe(catalogueText(traces));
});

test('traces are small: half of them below 10 kB, none above 20', () => {
  const sizes = [...traces.keys()].map((id) => readFileSync(`${folder}/${id}.msgpack`).length);
  expect(sizes.filter((size) => size < 10_000).length).toBeGreaterThan(sizes.length / 2);
  expect(Math.max(...sizes)).toBeLessThan(20_000);
});
