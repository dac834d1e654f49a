/** Reads outside the order (Castro and Liskov, §5.1) among liars, and what their clients count. */
import { describe, expect, test } from 'vitest';
import type { PbftClientState } from '../../protocols/pbft/client.ts';
import type { PbftState } from '../../protocols/pbft/state.ts';
import { run, runPrefix, timed, World } from '../../sim/engine/index.ts';
import { subjectOf } from '../../sim/property/subject.ts';
import { catalogue } from '../../sim/registry/index.ts';

/** Four replicas with read-only requests; `more` are further lines of the scenario. */
function prepared(seed: number, more: string) {
  const text = `
name: reads outside the order
protocol: pbft
options: { read_only: true }
cluster_config: { nodes: 4, failure_tolerance: 1 }
retry: { attempt_timeout_ms: 200, max_attempts: 1000 }
seed: ${seed}
expect: holds
${more}
`;
  return subjectOf(text, 'read-only.yaml', catalogue).prepare(String(seed));
}

function commandsOrdered(world: World): string[] {
  const replica = world.nodes[0]?.state as PbftState | undefined;
  const executed = replica?.log.slice(replica.log.firstIndex, replica.log.lastIndex) ?? [];
  return executed.flatMap(({ batch }) => batch.map(({ command }) => command.type));
}

describe('with one liar', () => {
  test.each([1, 2, 3, 4, 5, 6])(
    'every invariant holds, and all clients go on afterwards (seed %i)',
    (seed) => {
      const { world: config, limits } = prepared(
        seed,
        `
network_assumptions: { latency_ms: 5, byzantine: true }
workload: { clients: 3, operations: { kind: register, reads: 0.6 } }
duration: 5s
random_faults: { until: 3s, kinds: [liars] }`,
      );
      const world = new World(config, timed);
      run(world, { ...limits, untilUs: limits.untilUs - 1_000_000 });
      const before = world.clients.map(({ sequence }) => sequence);
      expect(run(world, limits).violation).toBeNull();
      world.clients.forEach(({ sequence }, client) => {
        expect(sequence).toBeGreaterThan((before[client] as number) + 3);
      });
    },
  );
});

test('without faults no read of a client that is alone is ordered (seed 1)', () => {
  const { world: config, limits } = prepared(
    1,
    `
workload: { clients: 1, operations: { kind: register, reads: 0.6 } }
duration: 2s`,
  );
  const world = new World(config, timed);
  expect(run(world, limits).violation).toBeNull();
  expect(world.clients[0]?.sequence).toBeGreaterThan(commandsOrdered(world).length + 3);
  expect(commandsOrdered(world)).toContain('put');
  expect(commandsOrdered(world)).not.toContain('get');
});

test('late replies from outside the order do not count once the read is ordered (seed 1)', () => {
  const late = ['n1', 'n2', 'n3', 'n4'];
  const steps = [
    'c1 invoke',
    ...late.map((node) => `deliver ${node}<-c1 get`),
    'fire c1 timeout',
    'fire c1 retry',
    ...late.map((node) => `deliver c1<-${node} ok`),
  ];
  const { world: config, prefix } = prepared(
    1,
    `
workload: { clients: 1, operations: { kind: register, reads: 1 } }
duration: 2s
schedule:
${steps.map((step) => `  - ${step}`).join('\n')}`,
  );
  const world = new World(config, timed);
  expect(runPrefix(world, prefix)).toBeNull();
  const client = world.clients[0]?.state as PbftClientState | undefined;
  expect(client?.request?.attempt).toBe(2);
  expect(client?.replies).toEqual([]);
});
