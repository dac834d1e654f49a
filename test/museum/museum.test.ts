/** The museum: every trace still shows its error, and none of them is wrong about the protocol. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { World, timed } from '../../sim/engine/index.ts';
import { subjectOf } from '../../sim/property/subject.ts';
import { catalogue } from '../../sim/registry/index.ts';
import { prepare } from '../../sim/scenario/index.ts';
import { followSteps, stepOf } from '../../sim/trace/index.ts';
import { replayPrepared, runScenario } from '../../sim/trace/run-scenario.ts';
import { catalogueText, exhibits, folderOf, missing, safetyOf, withoutMutant } from './exhibits.ts';
import { allTraces } from './traces.ts';

const traces = allTraces();
const files = [...traces].flatMap(([protocol, own]) =>
  [...own].map(([id, trace]) => ({ protocol, id, trace })),
);

/** Mutants that are nothing but an option: without them the option has to go, too. */
const options = ['retry-no-dedup'];

describe.each(files)('the trace of $protocol/$id', ({ protocol, id, trace }) => {
  const { scenario, seed } = trace.header;
  const violation = trace.footer?.violation;
  const subject = subjectOf(scenario.text, scenario.file, catalogue);
  const exhibit = exhibits.find(({ mutant }) => mutant.id === id && mutant.protocol === protocol);

  test('violates its invariant at its last event, in a strict replay', () => {
    const report = replayPrepared(trace, subject.prepare(seed));
    expect(report.divergence).toBeNull();
    expect(report.violation).toEqual(violation);
    expect(violation?.event).toBe(trace.events.length - 1);
    expect(exhibit && safetyOf(exhibit.mutant)).toContain(violation?.invariant);
  });

  test('is what its scenario does by itself', () => {
    const run = runScenario(subject.prepare(seed));
    expect(run.script).toBeNull();
    expect(run.hash).toBe(trace.footer?.hash);
  });

  test('is silent, or cannot happen, without the mutant', () => {
    const { world: mutated } = subject.prepare(seed);
    const plain = { ...subject.scenario, mutants: [] };
    const config = options.includes(id)
      ? prepare(plain, { seed, catalogue }).world
      : withoutMutant(mutated, (exhibit as (typeof exhibits)[number]).entry);
    const world = new World(config, timed);
    followSteps(world, trace.events.map(stepOf));
    if (world.violation === null) world.finish();
    expect(world.violation).toBeNull();
  });
});

test('every mutant that a schedule can betray has a trace, or a reason why it has none', () => {
  const without = exhibits.filter(({ mutant }) => !traces.get(mutant.protocol)?.has(mutant.id));
  const ids = without.map(({ mutant }) => mutant.id);
  expect(ids.toSorted()).toEqual(Object.keys(missing).toSorted());
});

test('the catalogue has a sentence for each trace', () => {
  expect(readFileSync('traces/README.md', 'utf8')).toBe(catalogueText(traces));
});

test('traces are small: half of them below 11 kB, none above 30; those of PBFT at most 70', () => {
  const sizeOf = ({ protocol, id }: (typeof files)[number]) =>
    readFileSync(`${folderOf(protocol)}/${id}.msgpack`).length;
  // Its view changes carry certificates: the messages of all replicas, with their signatures.
  const isLarge = ({ protocol }: (typeof files)[number]) => protocol === 'pbft';
  const sizes = files.filter((file) => !isLarge(file)).map(sizeOf);
  expect(sizes.filter((size) => size < 11_000).length).toBeGreaterThan(sizes.length / 2);
  expect(Math.max(...sizes)).toBeLessThan(30_000);
  expect(Math.max(...files.filter(isLarge).map(sizeOf))).toBeLessThan(70_000);
});
