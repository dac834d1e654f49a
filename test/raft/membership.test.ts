/** Clean Raft while servers come and go and leadership changes hands: every invariant holds. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RaftState } from '../../protocols/raft/state.ts';
import { reporter, schedules, subject } from '../../sim/property/index.ts';
import type { ScenarioInput } from '../../sim/scenario/index.ts';
import { runScenario } from '../../sim/trace/run-scenario.ts';

const SEED = 20261127;
const NODES = 6;

const node = fc.integer({ min: 1, max: NODES }).map((number) => `n${number}`);
const some = fc.uniqueArray(node, { minLength: 1, maxLength: 3 }).map((names) => names.join(','));

/** What an administrator may think of; much of it is refused, for one reason or another. */
const command = fc.oneof(
  fc.record({
    type: fc.constant('change-membership'),
    add: some,
    remove: some,
    joint: fc.constantFrom('auto', 'explicit'),
  }),
  fc.record({ type: fc.constant('change-membership'), add: node }),
  fc.record({ type: fc.constant('change-membership'), remove: node }),
  fc.record({ type: fc.constant('change-membership'), learn: node }),
  fc.record({ type: fc.constant('leave-joint') }),
  fc.record({ type: fc.constant('transfer-leadership'), to: node }),
);

const cases = fc.record({
  seed: fc.integer({ min: 0, max: 0xffff }),
  preVote: fc.boolean(),
  checkQuorum: fc.boolean(),
  snapshotThreshold: fc.constantFrom(0, 7),
  commands: fc.array(command, { minLength: 6, maxLength: 20 }),
});

type Case = typeof cases extends fc.Arbitrary<infer Value> ? Value : never;

function scenarioOf({ seed, preVote, checkQuorum, snapshotThreshold, commands }: Case) {
  const options = {
    members: ['n1', 'n2', 'n3'],
    pre_vote: preVote,
    check_quorum: checkQuorum,
    snapshot_threshold: snapshotThreshold,
    snapshot_chunk: 200,
  };
  const faults: ScenarioInput['faults'] = commands.map((wish, i) => ({
    at: `${500 + 300 * i}ms`,
    request: { node: '{leader}', ...wish },
  }));
  return subject({
    protocol: 'raft',
    options,
    cluster_config: { nodes: NODES },
    network_assumptions: { latency_ms: 5 },
    workload: { clients: 2 },
    duration: '12s',
    seed,
    faults,
    random_faults: {
      kinds: ['partitions', 'crashes', 'pauses', 'messages', 'disks'],
      every: '1500ms',
      until: '8s',
    },
  });
}

describe('Raft whose membership changes', () => {
  test('keeps every invariant under random faults, liveness after the last one included', () => {
    let changed = 0;
    fc.assert(
      fc.property(cases, (value) => {
        const { world, violation } = runScenario(scenarioOf(value).prepare(String(value.seed)));
        expect(violation).toBeNull();
        const states = world.nodes.map(({ state }) => state as RaftState | null);
        if (states.some((state) => (state?.configurations.at(-1)?.index ?? 0) > 0)) changed++;
      }),
      { seed: SEED, numRuns: 40 },
    );
    // An administrator who is always refused proves nothing.
    expect(changed).toBeGreaterThan(35);
  });

  test('keeps every invariant whatever the schedule', () => {
    const scenario = subject({
      protocol: 'raft',
      options: { members: ['n1', 'n2', 'n3'], max_entries: 1, snapshot_threshold: 2 },
      cluster_config: { nodes: 5 },
      disk: { sync_ms: 0 },
    });
    const anyRun = schedules(scenario, { batch: 20, scope: { operations: 8, horizon: 160 } });
    const safe = fc.property(anyRun, (run) => run.holds());
    fc.assert(safe, { seed: SEED, numRuns: 100, reporter });
  });

  test('is not asked to go on where the majority that is left in peace has no vote', () => {
    const scenario = subject({
      protocol: 'raft',
      options: { members: ['n1', 'n2', 'n3'] },
      cluster_config: { nodes: NODES },
      duration: '10s',
      workload: {},
      faults: [{ at: '1s', partition: [['n1'], ['n2'], ['n3', 'n4', 'n5', 'n6']] }],
    });
    const { world, violation } = runScenario(scenario.prepare('1'));
    expect(violation).toBeNull();
    expect(world.faultsPending).toBeGreaterThan(0);
  });
});
