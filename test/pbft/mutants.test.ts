/** Errors that only time shows: each stops a cluster that the paper's own protocol keeps going. */
import { describe, expect, test } from 'vitest';
import { pbftMutants } from '../../protocols/pbft/mutants/index.ts';
import { run, timed, World } from '../../sim/engine/index.ts';
import { subjectOf } from '../../sim/property/subject.ts';
import { catalogue } from '../../sim/registry/index.ts';

const SEED = '1';
const LIVE = 'pbft/liveness';

/** What each of them needs, as lines of a scenario. */
const situations: Readonly<Record<string, string>> = {
  // n1, paused, must join n3 and n4; n2 is gone.
  'pbft-vc-join-missing': `
faults:
  - { at: 1s, pause: n1, for: 800ms }
  - { at: 1100ms, crash: n2 }`,
  'pbft-vc-timer-not-doubled': `
options: { view_change_ms: 50 }
network_assumptions: { latency_ms: 60 }`,
  'pbft-backup-timer-not-started': `
faults:
  - { at: 1s, crash: n1 }`,
};

/** The first violation, if any, of a cluster of four in a situation. */
function outcome(situation: string, mutants: readonly string[]): string | null {
  const text = `
name: a situation that takes patience
protocol: pbft
cluster_config: { nodes: 4, failure_tolerance: 1 }
workload: { clients: 2, operations: register }
retry: { attempt_timeout_ms: 200, max_attempts: 1000 }
duration: 35s
seed: ${SEED}
mutants: [${mutants.join(', ')}]
expect: holds
${situation}
`;
  const { world: config, limits } = subjectOf(text, 'situation.yaml', catalogue).prepare(SEED);
  return run(new World(config, timed), limits).violation?.invariant ?? null;
}

const patient = pbftMutants.filter(({ violates }) => violates[0] === LIVE);

describe.each(patient.map(({ id }) => id))('%s', (id) => {
  const situation = situations[id] as string;

  test('stops the cluster', () => {
    expect(outcome(situation, [id])).toBe(LIVE);
  });

  test('is what stops it: without it the cluster goes on', () => {
    expect(outcome(situation, [])).toBeNull();
  });
});

test('every mutant that breaks a state has a script that leads there', () => {
  const unscripted = pbftMutants.filter(
    ({ violates, script }) => violates[0] !== LIVE && script === undefined,
  );
  expect(unscripted.map(({ id }) => id)).toEqual([]);
});
