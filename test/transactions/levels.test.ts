/** Weaker and replicated protocols under faults: each keeps its promise; mutants are found. */
import { describe, expect, test } from 'vitest';
import { percolatorMutants } from '../../protocols/transactions/percolator/mutants.ts';
import { replicatedMutants } from '../../protocols/transactions/replicated/index.ts';
import { sagaMutants } from '../../protocols/transactions/saga/mutants.ts';
import { everyFault, runText } from '../helpers/scenario-run.ts';

function scenario(protocol: string, options: string, more = ''): string {
  return `name: transactions under random faults
protocol: ${protocol}
options: ${options}
cluster_config: { nodes: 3 }
network_assumptions: { latency_ms: 5 }
workload: { clients: 4, operations: list-append }
duration: 4s
random_faults: { ${everyFault} }
${more}`;
}

test.each([
  ['percolator', 'keeps strong snapshot isolation', '{}', ''],
  [
    'percolator with locked reads',
    'is strictly serializable',
    '{ isolation: serializable }',
    'consistency_requirement: linearizable',
  ],
  ['saga', 'leaves nothing half done', '{ capacity: 5 }', ''],
  ['commit-over-raft', 'is strictly serializable', '{ patience: 1 }', ''],
])('%s %s under every fault (8 seeds)', (name, _promise, options, more) => {
  const text = scenario(name.split(' ')[0] ?? '', options, more);
  let operations = 0;
  for (let seed = 1; seed <= 8; seed++) {
    const world = runText(text, String(seed));
    expect(world.violation, `seed ${seed}`).toBeNull();
    operations += world.clients.reduce((sum, { sequence }) => sum + sequence, 0);
  }
  // Raft groups have to elect first, after every other fault.
  expect(operations).toBeGreaterThan(name === 'commit-over-raft' ? 60 : 200);
});

/** Seeds 1 to 30; ends with the first that shows something. */
const HUNTS = 30;

describe(`within ${HUNTS} seeds`, () => {
  const mutants = [
    ...percolatorMutants.map((mutant) => ['percolator', '{}', mutant] as const),
    ...replicatedMutants.map((mutant) => ['commit-over-raft', '{ patience: 1 }', mutant] as const),
    ...sagaMutants.map((mutant) => ['saga', '{ capacity: 5 }', mutant] as const),
  ];
  test.each(mutants.map(([protocol, options, mutant]) => ({ protocol, options, ...mutant })))(
    '$id is caught by an invariant that it is said to violate',
    ({ protocol, options, id, violates }) => {
      let found: string | undefined;
      for (let seed = 1; seed <= HUNTS && found === undefined; seed++) {
        const text = scenario(protocol, options, `mutants: [${id}]\n`);
        found = runText(text, String(seed)).violation?.invariant;
      }
      expect(violates).toContain(found);
    },
  );
});
