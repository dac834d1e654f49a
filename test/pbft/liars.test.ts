/** PBFT among liars: f of them break nothing, f + 1 do. */
import { describe, expect, test } from 'vitest';
import { run, timed, World } from '../../sim/engine/index.ts';
import { subjectOf } from '../../sim/property/subject.ts';
import { catalogue } from '../../sim/registry/index.ts';

/** Liars, drawn from the seed, lie in drawn ways until `until`; then nobody does. */
function worldOf(nodes: number, liars: number, seed: number): [World, untilUs: number] {
  const text = `
name: replicas of PBFT that lie
protocol: pbft
options: { checkpoint_interval: 4 }
cluster_config: { nodes: ${nodes}, failure_tolerance: ${liars} }
network_assumptions: { latency_ms: 5, byzantine: true }
workload: { clients: 3, operations: register }
retry: { attempt_timeout_ms: 200, max_attempts: 1000 }
duration: 5s
seed: ${seed}
random_faults: { until: 3s, kinds: [liars] }
expect: holds
beyond_tolerance: true
`;
  const { world, limits } = subjectOf(text, 'liars.yaml', catalogue).prepare(String(seed));
  return [new World(world, timed), limits.untilUs];
}

describe('with f liars', () => {
  test.each([
    [4, 1, 1],
    [4, 1, 2],
    [4, 1, 3],
    [4, 1, 4],
    [7, 2, 5],
  ])(
    'of %i replicas every invariant holds, and all clients go on afterwards (f = %i, seed %i)',
    (nodes, liars, seed) => {
      const [world, untilUs] = worldOf(nodes, liars, seed);
      run(world, { untilUs: untilUs - 1_000_000, maxEvents: 1_000_000 });
      const before = world.clients.map(({ sequence }) => sequence);
      expect(run(world, { untilUs, maxEvents: 1_000_000 }).violation).toBeNull();
      expect(world.correctNodes.length).toBe(nodes - liars);
      world.clients.forEach(({ sequence }, client) => {
        expect(sequence).toBeGreaterThan((before[client] as number) + 3);
      });
    },
  );
});

test('with f + 1 liars some run breaks what is promised (seeds 1 to 10)', () => {
  const broken = Array.from({ length: 10 }, (_, i) => i + 1).find((seed) => {
    const [world, untilUs] = worldOf(4, 2, seed);
    return run(world, { untilUs, maxEvents: 1_000_000 }).violation !== null;
  });
  expect(broken).toBeDefined();
});
