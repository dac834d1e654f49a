/** Commit protocols under random faults: each keeps its level; each mutant is found out. */
import { describe, expect, test } from 'vitest';
import { commitMutants } from '../../protocols/transactions/commit/mutants.ts';
import { deadlockPolicies } from '../../protocols/transactions/locking/deadlocks.ts';
import { everyFault, runText } from '../helpers/scenario-run.ts';

/** Four clients append to lists on three shards. */
function scenario(protocol: string, options: string, faults: string, more = ''): string {
  return `name: transactions under random faults
protocol: ${protocol}
options: ${options}
cluster_config: { nodes: 3 }
network_assumptions: { latency_ms: 5 }
workload: { clients: 4, operations: list-append }
duration: 4s
random_faults: { ${faults} }
${more}`;
}

function answered(text: string, seeds: number): number {
  let operations = 0;
  for (let seed = 1; seed <= seeds; seed++) {
    const world = runText(text, String(seed));
    expect(world.violation, `seed ${seed}`).toBeNull();
    expect(world.unjudged).toEqual([]);
    operations += world.clients.reduce((sum, { sequence }) => sum + sequence, 0);
  }
  return operations;
}

describe('two-phase commit', () => {
  const policies = deadlockPolicies.filter((policy) => policy !== 'none');
  test.each(policies)('is strictly serializable under every fault with %s (6 seeds)', (policy) => {
    const text = scenario('two-phase-commit', `{ deadlocks: ${policy} }`, everyFault);
    expect(answered(text, 6)).toBeGreaterThan(150);
  });

  test('is so with cooperative termination, too (6 seeds)', () => {
    const text = scenario('two-phase-commit', '{ termination: cooperative }', everyFault);
    expect(answered(text, 6)).toBeGreaterThan(150);
  });
});

test('three-phase commit keeps its promises, and nobody blocks, under crashes (10 seeds)', () => {
  const text = scenario('three-phase-commit', '{}', 'kinds: [crashes], every: 1s');
  expect(answered(text, 10)).toBeGreaterThan(400);
});

/** Seeds 1 to 40; ends with the first that shows something. */
const HUNTS = 40;

describe(`within ${HUNTS} seeds`, () => {
  test.each(commitMutants.map((mutant) => [mutant.id, mutant] as const))(
    '%s is caught by an invariant that it is said to violate',
    (id, { violates, needs }) => {
      const options = needs.includes('cooperative')
        ? '{ termination: cooperative, patience: 1 }'
        : '{ patience: 1 }';
      const more = `mutants: [${id}]\ndisk: { sync_ms: 20 }\n`;
      const text = scenario('two-phase-commit', options, everyFault, more);
      let found: string | undefined;
      for (let seed = 1; seed <= HUNTS && found === undefined; seed++) {
        found = runText(text, String(seed)).violation?.invariant;
      }
      expect(violates).toContain(found);
    },
  );
});
