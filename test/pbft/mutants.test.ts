/** Errors that only time shows: each stops a cluster that the paper's own protocol keeps going. */
import { describe, expect, test } from 'vitest';
import { pbftMutants } from '../../protocols/pbft/mutants/index.ts';
import { committed, prepared } from '../../protocols/pbft/mutants/mutant.ts';
import { run, runPrefix, timed, World } from '../../sim/engine/index.ts';
import { subjectOf } from '../../sim/property/subject.ts';
import { catalogue } from '../../sim/registry/index.ts';

const SEED = '1';
const LIVE = 'pbft/liveness';

/** Number 1 is executed by n2 and n3 alone. */
const keptBehind = [
  'c1 invoke',
  'deliver n1<-c1 put',
  ...prepared(0, 'n1', 'n2', 'n3'),
  ...committed(0, 'n2', 'n1', 'n3'),
  ...committed(0, 'n3', 'n1', 'n2'),
  'drop n1<-n2 Commit',
  'drop n1<-n3 Commit',
  'drop n4<-n1 PrePrepare',
  ...['n2', 'n3'].map((node) => `drop n4<-${node} Prepare`),
  ...['n1', 'n2', 'n3'].map((node) => `drop n4<-${node} Commit`),
];

const WORKLOAD = 'workload: { clients: 2, operations: register }';

/** What each of them needs, as lines of a scenario. */
const situations: Readonly<Record<string, string>> = {
  // n1, paused, must join n3 and n4; n2 is gone.
  'pbft-vc-join-missing': `
${WORKLOAD}
faults:
  - { at: 1s, pause: n1, for: 800ms }
  - { at: 1100ms, crash: n2 }`,
  'pbft-vc-timer-not-doubled': `
${WORKLOAD}
options: { view_change_ms: 50 }
network_assumptions: { latency_ms: 60 }`,
  'pbft-backup-timer-not-started': `
${WORKLOAD}
faults:
  - { at: 1s, crash: n1 }`,
  // n1 makes n2 and n3 execute, n4 not, and is gone before its only client hears of it.
  'pbft-readonly-liveness': `
options: { read_only: true }
workload: { clients: 1, operations: { kind: register, reads: 0 } }
disk: { sync_ms: 0 }
faults:
  - { at: 20ms, crash: n1 }
schedule:
${keptBehind.map((step) => `  - ${step}`).join('\n')}`,
};

/** The first violation, if any, of a cluster of four in a situation. */
function outcome(situation: string, mutants: readonly string[]): string | null {
  const text = `
name: a situation that takes patience
protocol: pbft
cluster_config: { nodes: 4, failure_tolerance: 1 }
retry: { attempt_timeout_ms: 200, max_attempts: 1000 }
duration: 35s
seed: ${SEED}
mutants: [${mutants.join(', ')}]
expect: holds
${situation}
`;
  const prepare = subjectOf(text, 'situation.yaml', catalogue).prepare(SEED);
  const world = new World(prepare.world, timed);
  expect(runPrefix(world, prepare.prefix)).toBeNull();
  return run(world, prepare.limits).violation?.invariant ?? null;
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
