/** PBFT among liars and bad networks; what colluding ones do is found by a search. */
import { describe, expect, test } from 'vitest';
import { run, timed, World } from '../../sim/engine/index.ts';
import { catchOf, searchOf, shrinkRequestOf } from '../../sim/property/hunt.ts';
import { subjectOf } from '../../sim/property/subject.ts';
import { catalogue } from '../../sim/registry/index.ts';
import { loadScenario, prepare } from '../../sim/scenario/index.ts';
import { explore, only, swarm } from '../../sim/search/index.ts';
import { shrink } from '../../sim/shrink/index.ts';

/** Random lies for six seconds, in every way and beside random partitions; then peace. */
function liars(nodes: number, kinds: string): string {
  return `
name: random liars among ${nodes} replicas
protocol: pbft
options: { checkpoint_interval: 8 }
cluster_config: { nodes: ${nodes} }
network_assumptions: { latency_ms: 5, byzantine: true }
consistency_requirement: linearizable
workload: { clients: 3, operations: { kind: register, reads: 0.4 } }
random_faults: { kinds: [${kinds}], every: 2s, until: 6s }
duration: 14s
`;
}

function worldOf(
  text: string,
  seed: string,
): { readonly world: World; readonly lies: () => number } {
  const loaded = loadScenario(text, { file: 'liars.yaml', catalogue });
  if (!loaded.ok) throw new Error(loaded.problems.map(({ message }) => message).join('\n'));
  let lies = 0;
  const observer = {
    afterEvent() {},
    onFault: (done: object) => (lies += 'how' in done && !('skipped' in done) ? 1 : 0),
  };
  const { world } = prepare(loaded.scenario, { seed, catalogue });
  return { world: new World(world, timed, observer), lies: () => lies };
}

const SECOND = 1_000_000;
const until = (seconds: number) => ({ untilUs: seconds * SECOND, maxEvents: 2_000_000 });

describe.each([
  [4, 1, 'liars, partitions, messages', 2],
  [7, 2, 'liars, messages', 2],
])('%i replicas, %i of them liars (%s)', (nodes, f, kinds, seeds) => {
  test(`agree, answer linearizably, and go on in peace (${seeds} runs)`, () => {
    for (let seed = 1; seed <= seeds; seed++) {
      const name = `${nodes} ${kinds} ${seed}`;
      const { world, lies } = worldOf(liars(nodes, kinds), name);
      expect(world.correctNodes).toHaveLength(nodes - f);
      expect(run(world, until(9)).violation, name).toBe(null);
      expect(lies(), name).toBeGreaterThan(20);
      const before = world.clients.map(({ sequence }) => sequence);
      expect(run(world, until(14)).violation, name).toBe(null);
      world.clients.forEach(({ sequence }, client) => {
        expect(sequence, `${name}: c${client + 1}`).toBeGreaterThan((before[client] as number) + 3);
      });
    }
  });
});

const twoOfFour = `
name: two of four replicas may lie
protocol: pbft
options: { max_batch: 1 }
cluster_config: { nodes: 4 }
network_assumptions: { byzantine: [n1, n2] }
invariants: [pbft/agreement, pbft/prepared-unique]
expect: violates
beyond_tolerance: true
`;

test('with f + 1 liars a search finds two correct replicas that prepare different requests', () => {
  const subject = subjectOf(twoOfFour, 'two-of-four.yaml', catalogue);
  const { found } = explore(searchOf(subject, { seed: '1', scope: { lies: 8 } }), { runs: 4096 });
  expect(found).not.toBe(null);
  if (found === null) return;
  const shrunk = shrink(shrinkRequestOf(catchOf(subject, found)));
  const kinds = shrunk?.steps.flatMap(({ fault }) => (fault === undefined ? [] : [fault.kind]));
  const byzantine = kinds?.filter((kind) => ['lie', 'twin', 'amnesia'].includes(kind));
  expect(byzantine?.length).toBeGreaterThan(0);
});

test('with f + 1 liars that collude a plan breaks agreement, and the search finds it', () => {
  const text = twoOfFour.replace(', pbft/prepared-unique', '');
  const subject = subjectOf(`${text}workload: { clients: 2 }\n`, 'collusion.yaml', catalogue);
  const { found } = explore(searchOf(subject, { seed: '1', portfolio: only(swarm) }), { runs: 20 });
  expect(found?.violation.invariant).toBe('pbft/agreement');
});
