/** From a scenario to a world: what is derived, what defaults mean, what modules of users give. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RaftOptions } from '../../protocols/raft/options.ts';
import { run, runPrefix, timed, World } from '../../sim/engine/index.ts';
import { catalogue, catalogueFor, invariants, mutants } from '../../sim/registry/index.ts';
import {
  formatProblems,
  loadScenario,
  prepare,
  type Catalogue,
  type Prepared,
} from '../../sim/scenario/index.ts';

const head = 'name: a scenario of a test\nprotocol: raft\n';

/** Seed: test. */
function prepared(yaml: string, known: Catalogue = catalogue): Prepared {
  const loaded = loadScenario(yaml, { file: 'test.yaml', catalogue: known });
  if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
  return prepare(loaded.scenario, { seed: 'test', catalogue: known });
}

function raftOptions(yaml: string): RaftOptions {
  return prepared(head + yaml).world.options as RaftOptions;
}

test('a scenario that says little gets the defaults of the paper', () => {
  const { world, limits } = prepared(`${head}cluster_config: { nodes: 3 }\n`);
  expect(world.network).toMatchObject({ latencyUs: 10_000, shape: 'uniform', lossPpm: 0 });
  expect(world.options).toMatchObject({ electionTimeoutMinMs: 150, electionTimeoutMaxMs: 300 });
  expect(world.clients).toBe(null);
  expect(world.director).toBe(null);
  expect(limits.untilUs).toBe(10_000_000);
});

test('election timeouts grow with the latency and with the number of servers', () => {
  const far = raftOptions(
    'cluster_config: { nodes: 5 }\nnetwork_assumptions: { latency_ms: 100 }\n',
  );
  expect(far.electionTimeoutMinMs).toBeGreaterThanOrEqual(1000);
  expect(far.heartbeatMs).toBeLessThan(far.electionTimeoutMinMs / 2);
  const large = raftOptions('cluster_config: { nodes: 1000 }\n');
  expect(large.electionTimeoutMaxMs).toBeGreaterThan(4000);
});

test('what a scenario writes wins over what its mutants need, and that over defaults', () => {
  const mutant = mutants().find(({ id }) => id === 'retry-no-dedup');
  expect(mutant).toBeDefined();
  const cluster = 'cluster_config: { nodes: 3 }\nmutants: [vote-cleared-checkquorum]\n';
  expect(raftOptions(cluster).checkQuorum).toBe(true);
  expect(raftOptions(`${cluster}options: { check_quorum: false }\n`).checkQuorum).toBe(false);
});

test('nodes and clients are dealt out to the regions in turn, and latencies are symmetric', () => {
  const { world } = prepared(
    `${head}cluster_config: { nodes: 3, regions: [eu, us] }\n` +
      'network_assumptions: { latency_ms: 2, region_latency_ms: { eu: { us: 40 } } }\n' +
      'workload: { clients: 2 }\n',
  );
  expect(world.network.regions).toEqual([0, 1, 0, 0, 1]);
  expect(world.network.regionLatencyUs).toEqual([
    [2_000, 40_000],
    [40_000, 2_000],
  ]);
});

test('the retry_config of the specification reaches the clients, under its defaults', () => {
  const { world } = prepared(`${head}cluster_config: { nodes: 3 }\nworkload: { clients: 1 }\n`);
  expect(world.clients?.options).toMatchObject({
    requestsMayDuplicate: false,
    retry: { maxAttempts: 10, initialDelayMs: 50, maxDelayMs: 10_000, multiplier: 2 },
  });
  const doubled = 'network_assumptions: { duplicate: 0.1 }\nworkload: { clients: 1 }\n';
  expect(
    prepared(`${head}cluster_config: { nodes: 3 }\n${doubled}`).world.clients?.options,
  ).toMatchObject({ requestsMayDuplicate: true });
});

test('partition_probability of one cuts the network within two seconds', () => {
  const { world: config, limits } = prepared(
    `${head}cluster_config: { nodes: 3 }\nnetwork_assumptions: { partition_probability: 1 }\n`,
  );
  let cuts = 0;
  const onFault = ({ kind }: { kind: string }): void => {
    if (kind !== 'heal' && kind !== 'end') cuts++;
  };
  const world = new World(config, timed, { afterEvent() {}, onFault });
  run(world, { ...limits, untilUs: 2_000_000 });
  expect(cuts).toBeGreaterThan(0);
});

test('random faults of every kind leave Raft unharmed', () => {
  const kinds = '[partitions, crashes, pauses, clocks, messages, disks]';
  const {
    world: config,
    limits,
    prefix,
  } = prepared(
    `${head}cluster_config: { nodes: 5 }\nduration: 20s\nworkload: { clients: 2 }\n` +
      `random_faults: { kinds: ${kinds}, every: 2s }\n`,
  );
  const world = new World(config, timed);
  expect(runPrefix(world, prefix)).toBe(null);
  expect(run(world, limits)).toMatchObject({ reason: 'time', violation: null });
});

test('both rules of the specification are waived by beyond_tolerance', () => {
  const cluster = 'cluster_config: { nodes: 3, failure_tolerance: 2 }\n';
  const liars = 'network_assumptions: { byzantine: true }\n';
  const options = { file: 'test.yaml', catalogue };
  expect(loadScenario(head + cluster + liars, options).ok).toBe(false);
  expect(loadScenario(`${head}${cluster}${liars}beyond_tolerance: true\n`, options).ok).toBe(true);
});

test('every invariant that a mutant violates exists', () => {
  const ids = invariants().map(({ invariant }) => invariant.id);
  const unknown = mutants().flatMap(({ id, violates }) =>
    violates
      .filter((name) => name.startsWith('raft/') && !ids.includes(name))
      .map((name) => `${id}: ${name}`),
  );
  expect(unknown).toEqual([]);
});

const ticking = `
  export const defaultOptions = { every: 100 };
  const nothing = { epoch: 0, leads: false, leader: null, decided: 0, applied: 0, log: null };
  const again = ({ every }, effects) => effects.setTimer('tick', every, every);
  export const protocol = {
    name: 'tick',
    paper: 'a protocol that only counts',
    durable: [],
    start(_, { every }, effects) {
      again({ every }, effects);
      return { ticks: 0, every };
    },
    onMessage: {},
    onTimer: {
      tick(state, effects) {
        state.ticks++;
        again(state, effects);
      },
    },
    onRequest() {},
    observe: () => ({ role: 'ticker', ...nothing }),
  };
`;

test("a user's own module is a protocol like any other", async () => {
  const folder = mkdtempSync(join(tmpdir(), 'schism-'));
  try {
    writeFileSync(join(folder, 'tick.mjs'), ticking);
    const own = "name: a protocol of one's own\nprotocol: ./tick.mjs\n";
    const yaml = (options: string) =>
      `${own}cluster_config: { nodes: 2 }\nduration: 1s\n${options}`;
    const file = join(folder, 'tick.yaml');
    const known = await catalogueFor(yaml(''), file, catalogue);
    const { world: config, limits } = prepared(yaml('options: { every: 50 }\n'), known);
    const world = new World(config, timed);
    run(world, limits);
    expect(world.nodes.map(({ state }) => (state as { ticks: number }).ticks)).toEqual([20, 20]);
    const wrong = loadScenario(yaml('options: { evry: 50 }\n'), {
      file: 'tick.yaml',
      catalogue: known,
    });
    expect(wrong.ok ? '' : wrong.problems[0]?.message).toBe(
      'unknown key "evry"; did you mean every?',
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
