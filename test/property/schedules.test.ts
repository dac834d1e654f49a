/** Schedules, fault plans, operations and scenarios as values of fast-check. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import {
  clientOperations,
  faultPlans,
  reportingTo,
  runMatchers,
  Schedule,
  scenarios,
  schedules,
  subject,
} from '../../sim/property/index.ts';
import { readTrace } from '../../sim/trace/index.ts';
import { cli } from '../cli/harness.ts';
import * as lock from '../examples/lock.ts';

expect.extend(runMatchers);

const folder = mkdtempSync(join(tmpdir(), 'schism-property-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const raft = {
  protocol: 'raft',
  cluster_config: { nodes: 3 },
  options: { max_entries: 1 },
  disk: { sync_ms: 0 },
};
const forgetful = subject({
  ...raft,
  mutants: ['term-not-persisted'],
  invariants: ['raft/election-safety', 'raft/log-matching'],
});
const holds = (run: Schedule) => run.holds();

describe('schedules', () => {
  test('of clean Raft violate nothing', () => {
    const anyRun = schedules(subject(raft), { batch: 8 });
    fc.assert(fc.property(anyRun, holds), { seed: 11, numRuns: 50 });
  });

  test('are the same for the same seed, and another for another', () => {
    const texts = (seed: number) =>
      fc.sample(schedules(subject(raft)), { seed, numRuns: 4 }).map(String);
    expect(texts(5)).toEqual(texts(5));
    expect(texts(5)).not.toEqual(texts(6));
  });

  test('that violate an invariant shrink in one step to one in which every event is needed', () => {
    const found = fc.check(fc.property(schedules(forgetful, { batch: 64 }), holds), { seed: 1 });
    const [run] = found.counterexample ?? [];
    expect(found.numShrinks).toBe(1);
    expect(run).toViolate('raft/election-safety');
    expect(run?.steps.length).toBeLessThanOrEqual(9);
    for (let i = 0; i < (run?.steps.length ?? 0); i++) {
      const { seed, variant, steps } = run as Schedule;
      const without = new Schedule(forgetful, seed, { steps: steps.toSpliced(i, 1) }, variant);
      expect(without).toHold();
    }
  });

  test('are found again by seed and path', () => {
    const property = fc.property(schedules(forgetful, { batch: 64 }), holds);
    const { seed, counterexample, counterexamplePath } = fc.check(property, { seed: 1 });
    const path = counterexamplePath as string; // It failed.
    const again = fc.check(property, { seed, path, endOnFailure: true });
    expect(again.numRuns).toBe(1);
    expect(fc.stringify(again.counterexample)).toBe(fc.stringify(counterexample));
  });

  test('that fail for a reason of their own shrink by leaving events out', () => {
    const twoCandidates = (run: Schedule) =>
      new Set(run.steps.flatMap(({ identity }) => identity.match(/^n\d election/) ?? [])).size < 2;
    const found = fc.check(fc.property(schedules(subject(raft)), twoCandidates), { seed: 2 });
    expect(found.counterexample?.[0].steps.map(({ identity }) => identity)).toEqual([
      expect.stringMatching(/^n\d election$/),
      expect.stringMatching(/^n\d election$/),
    ]);
  });

  test('begin with the schedule of the scenario, and shrink it as well', () => {
    const scripted = subject({
      ...raft,
      mutants: ['term-not-persisted'],
      schedule: ['fire n1 election', 'deliver n3<-n1 RequestVote'],
    });
    const [run] = fc.sample(schedules(scripted), { seed: 3, numRuns: 1 });
    expect(run?.steps[0]?.identity).toBe('n1 election');
    expect(run?.steps[1]?.identity).toMatch(/^n3<-n1 RequestVote#/);
    const found = fc.check(fc.property(schedules(scripted, { batch: 64 }), holds), { seed: 4 });
    expect(found.counterexample?.[0].steps.length).toBeLessThan(20);
  });

  test('given as examples shrink without a context', () => {
    const options = { seed: 1, endOnFailure: true };
    const found = fc.check(fc.property(schedules(forgetful, { batch: 64 }), holds), options);
    const [long] = found.counterexample as [Schedule];
    const known = new Schedule(forgetful, long.seed, { steps: long.steps });
    const property = fc.property(schedules(subject(raft)), holds);
    const again = fc.check(property, { seed: 7, examples: [[known]] });
    expect(again.counterexample?.[0]?.steps.length).toBeLessThan(long.steps.length / 2);
  });
});

describe('a failed property', () => {
  test('prints seed, path, scenario and replay line, and leaves a trace that replays', async () => {
    const leased = subject(
      {
        protocol: './test/examples/lock.ts',
        cluster_config: { nodes: 3 },
        options: { lease: true },
      },
      lock,
    );
    const property = fc.property(schedules(leased), holds);
    const failing = () => fc.assert(property, { seed: 1, reporter: reportingTo(folder) });
    const trace = join(folder, 'lock-1.msgpack');
    expect(failing).toThrow(/seed: 1, path: "[\d:]+", endOnFailure: true/);
    expect(failing).toThrow(/schedule:\n( +- (fire|deliver) n\d.*\n)+/);
    expect(failing).toThrow(`npx schism replay ${trace}`);
    expect(readTrace(readFileSync(trace)).trace?.footer?.violation?.invariant).toBe(
      'lock/mutual-exclusion',
    );
    const { code, out } = await cli(['replay', trace]);
    expect(out).toContain('the same run');
    expect(code).toBe(0);
    // The scenario names the protocol's module as seen from here.
    const scenario = readFileSync(join(folder, 'lock-1.yaml'), 'utf8');
    expect((await cli(['-', '-q', '--no-trace'], { input: scenario })).code).toBe(0);
  });

  test('that holds is reported by nobody', () => {
    const property = fc.property(fc.nat(), () => true);
    expect(() => fc.assert(property, { seed: 1, reporter: reportingTo(folder) })).not.toThrow();
  });
});

describe('fault plans', () => {
  test('are timelines that a scenario takes, whatever the cluster', () => {
    const anyPlan = fc
      .integer({ min: 1, max: 7 })
      .chain((nodes) => faultPlans({ nodes }).map((faults) => ({ nodes, faults })));
    fc.assert(
      fc.property(anyPlan, ({ nodes, faults }) => {
        subject({ ...raft, cluster_config: { nodes }, faults, beyond_tolerance: true });
      }),
      { seed: 21, numRuns: 200 },
    );
  });

  test('shrink to the one fault that matters, as short as it may be', () => {
    const noLongCrash = (plan: readonly object[]) =>
      !plan.some((fault) => 'crash' in fault && 'for' in fault && parseInt(String(fault.for)) > 99);
    const found = fc.check(fc.property(faultPlans({ most: 6 }), noLongCrash), { seed: 22 });
    expect(fc.stringify(found.counterexample?.[0])).toMatch(
      /^faults:\n {2}- at: 0ms\n {4}for: 100ms\n {4}crash: n\d$/,
    );
  });
});

test('client operations shrink to one client with one operation, and read as YAML', () => {
  const found = fc.check(
    fc.property(clientOperations(), () => false),
    { seed: 31 },
  );
  expect(fc.stringify(found.counterexample?.[0])).toMatch(
    /^workload:\n {2}clients: 1\n {2}operations:\n(.*\n)+ {2}limit: 1$/,
  );
});

describe('scenarios', () => {
  const base = { protocol: 'raft', mutants: ['term-not-persisted'] };

  test('lose faults, then clients, then nodes, and then shorten times', () => {
    const found = fc.check(
      fc.property(scenarios({ base, nodes: [3, 7] }), () => false),
      {
        seed: 41,
      },
    );
    const text = fc.stringify(found.counterexample);
    expect(text).toContain('nodes: 3\n');
    expect(text).toContain('latency_ms: 1\n');
    expect(text).not.toMatch(/faults:|workload:/);
  });

  test('keep the faults that a failure needs', () => {
    const needsLoss = (scenario: object) => !fc.stringify(scenario).includes('loss:');
    const property = fc.property(scenarios({ base }), needsLoss);
    const text = fc.stringify(fc.check(property, { seed: 42 }).counterexample);
    expect(text.match(/- at:/g)).toHaveLength(1);
    expect(text).toContain('nodes: 3\n');
    expect(text).toContain('at: 0ms\n    for: 1ms\n');
  });

  test('of clean Raft hold, clients and all', () => {
    const clean = scenarios({ base: { protocol: 'raft' }, faults: { withinMs: 1000 } });
    fc.assert(
      fc.property(clean, (scenario) => scenario.holds()),
      { seed: 43, numRuns: 20 },
    );
  });
});

test('a scenario with mistakes is refused with all of them', () => {
  const wrong = { ...raft, mutants: ['term-not-persistent'], cluster_config: { nodes: 0 } };
  expect(() => subject(wrong)).toThrow(/term-not-persisted\?[\s\S]*problems/);
});

test('the matchers say what is violated, and what was asked', () => {
  const found = fc.check(fc.property(schedules(forgetful, { batch: 64 }), holds), { seed: 1 });
  const [run] = found.counterexample as [Schedule];
  expect(() => expect(run).toHold()).toThrow(/raft\/election-safety is violated: n\d and n\d/);
  expect(() => expect(run).toViolate('raft/log-matching')).toThrow(/Asked was raft\/log-matching/);
  expect(run).toHold('raft/log-matching');
});
