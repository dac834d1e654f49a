/** The mutants of Multi-Paxos that only time betrays: liveness and leases, in timed runs. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { historyInvariants } from '../../invariants/history/monitor.ts';
import { multiPaxosInvariants } from '../../invariants/multi-paxos/index.ts';
import { multiPaxosMutants } from '../../protocols/multi-paxos/mutants/index.ts';
import { run } from '../../sim/engine/index.ts';
import { Plan, type Fault, type PlannedFault } from '../../sim/faults/index.ts';
import { Recorder } from '../../sim/history/recorder.ts';
import { paxosWorld } from '../helpers/paxos-world.ts';

/** Seeds hunt-1 to hunt-10; ends with the first that shows something. */
const HUNTS = 10;
/** Microseconds: faults until FAULTY, then a whole network until END. */
const FAULTY = 3_000_000;
const END = 9_000_000;

const rough: readonly Fault[] = [
  { kind: 'isolate', nodes: ['{leader}'] },
  { kind: 'loss', ppm: 300_000 },
  { kind: 'crash', nodes: ['{leader}'], limit: 1 },
  { kind: 'clock-drift', nodes: ['{leader}'], ppm: -190_000 },
];

const linearizable = historyInvariants.filter(({ id }) => id === 'history/linearizable');

function hunt(mutants: readonly string[], number: number, extra: object = {}): string | null {
  const faults = rough.map((fault): PlannedFault => ({
    fault,
    perSecondPpm: 700_000,
    leastUs: 200_000,
    mostUs: 700_000,
  }));
  const world = paxosWorld({
    seed: `hunt-${number}`,
    nodes: 5,
    clients: 8,
    mutants,
    options: { window: 4, ...extra },
    network: { latencyUs: 3_000 },
    history: new Recorder(),
    director: new Plan({ faults, healAtUs: FAULTY }),
    invariants: [...multiPaxosInvariants, ...linearizable],
  });
  return run(world, { untilUs: END, maxEvents: 60_000 }).violation?.invariant ?? null;
}

/** Mutants whose error takes more luck than random faults have: a scenario leads there. */
const led: Readonly<Record<string, string>> = {
  'paxos-nack-missing': 'rejections-missing',
  'paxos-gap-not-filled': 'log-holes-left',
  'paxos-master-lease-skew': 'master-lease-skew',
};

const timed = multiPaxosMutants.filter(
  ({ violates: [first = ''] }) => first.endsWith('/liveness') || first.startsWith('history/'),
);
const hunted = timed.filter(({ id }) => !Object.hasOwn(led, id));

test.each(Object.entries(led))('%s is what the scenario paxos/%s is about', (id, scenario) => {
  const file = new URL(`../../scenarios/paxos/${scenario}.yaml`, import.meta.url);
  const text = readFileSync(file, 'utf8');
  const { violates } = timed.find((mutant) => mutant.id === id) ?? { violates: [] };
  expect(text).toContain(`mutants: [${id}]`);
  // That it ends so is the business of test/scenario/shipped.test.ts.
  expect(violates.some((invariant) => text.includes(`${invariant}: violates`))).toBe(true);
});

describe(`within ${HUNTS} seeds`, () => {
  test.each(hunted.map((mutant) => [mutant.id, mutant] as const))(
    '%s is caught by an invariant that it is said to violate',
    (id, { violates }) => {
      let found: string | null = null;
      for (let seed = 1; seed <= HUNTS && found === null; seed++) found = hunt([id], seed);
      expect(violates).toContain(found);
    },
  );

  test('clean Multi-Paxos is silent, with its master reading under a lease', () => {
    for (let seed = 1; seed <= HUNTS; seed++) {
      expect(hunt([], seed, { reads: 'lease' }), `hunt-${seed}`).toBeNull();
    }
  });
});
