/** Ranges that split, merge and move under faults; the directory; scans. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { rangeMutants } from '../../protocols/partitioning/ranges/mutants.ts';
import {
  changed,
  endOf,
  initialRoutes,
  routeOf,
} from '../../protocols/partitioning/ranges/routes.ts';
import type { RangeState } from '../../protocols/partitioning/ranges/state.ts';
import type { World } from '../../sim/engine/index.ts';
import { everyFault, runText } from '../helpers/scenario-run.ts';

function scenarioFile(name: string): string {
  return readFileSync(
    new URL(`../../scenarios/partitioning/${name}.yaml`, import.meta.url),
    'utf8',
  );
}

function states(world: World): RangeState[] {
  return world.nodes.map(({ state }) => state as RangeState);
}

describe('the routes', () => {
  const routes = initialRoutes(['m', 'f'], ['n1', 'n2']);

  test('cover all keys, whatever the order of the boundaries', () => {
    expect(routes.map(({ start, owner }) => `${start}:${owner}`)).toEqual([':n1', 'f:n2', 'm:n1']);
    expect(routeOf(routes, 'e')?.start).toBe('');
    expect(routeOf(routes, 'm')?.start).toBe('m');
    expect([endOf(routes, ''), endOf(routes, 'm')]).toEqual(['f', null]);
  });

  test('change only by their owner, in the epoch that it knows, into the next epoch', () => {
    const own = { start: 'f', owner: 'n2', epoch: 1 };
    const moved = changed(routes, own, { kind: 'move', to: 'n3' });
    expect(moved?.[1]).toEqual({ start: 'f', owner: 'n3', epoch: 2 });
    expect(changed(moved ?? [], own, { kind: 'move', to: 'n1' })).toBeNull();
    expect(changed(routes, { ...own, owner: 'n1' }, { kind: 'split', at: 'g' })).toBeNull();
  });

  test('are split inside only, and merged with a neighbour of the same owner only', () => {
    const own = { start: 'f', owner: 'n2', epoch: 1 };
    const starts = changed(routes, own, { kind: 'split', at: 'g' })?.map(({ start }) => start);
    expect(starts).toEqual(['', 'f', 'g', 'm']);
    expect(changed(routes, own, { kind: 'split', at: 'm' })).toBeNull();
    expect(changed(routes, own, { kind: 'split', at: 'f' })).toBeNull();
    expect(changed(routes, own, { kind: 'merge' })).toBeNull();
    const split = changed(routes, own, { kind: 'split', at: 'g' }) ?? [];
    const merged = changed(split, { ...own, epoch: 2 }, { kind: 'merge' });
    expect(merged?.map(({ start, epoch }) => `${start}@${epoch}`)).toEqual(['@1', 'f@3', 'm@1']);
  });
});

function faulty(options: string, more = ''): string {
  return `name: ranges under random faults
protocol: range-partitioning
options: ${options}
cluster_config: { nodes: 4 }
network_assumptions: { latency_ms: 5 }
workload: { clients: 4, operations: { kind: map, keys: 9, hot_keys: 2, hot: 0.6, cas: 0.2 } }
duration: 5s
random_faults: { ${everyFault} }
${more}`;
}

const busy = '{ boundaries: [k4, k7], balance: true, balance_ms: 200, split_operations: 5 }';

test('ranges that balance themselves are linearizable under every fault (8 seeds)', () => {
  let changes = 0;
  for (let seed = 1; seed <= 8; seed++) {
    const world = runText(faulty(busy), String(seed));
    expect(world.violation, `seed ${seed}`).toBeNull();
    const epochs = states(world).flatMap((state) => state?.held.map(({ epoch }) => epoch) ?? []);
    changes += epochs.reduce((sum, epoch) => sum + epoch - 1, 0);
  }
  expect(changes).toBeGreaterThan(20);
});

/** Seeds 1 to 40; ends with the first that shows something. */
const HUNTS = 40;

/** What takes a very late message is told by a script (test/museum). */
const hunted = rangeMutants.filter(({ needs }) => !needs.includes('duplicate'));

test.each(hunted.map((mutant) => [mutant.id, mutant] as const))(
  `%s is caught within ${HUNTS} seeds by an invariant that it is said to violate`,
  (id, { violates }) => {
    let found: string | undefined;
    for (let seed = 1; seed <= HUNTS && found === undefined; seed++) {
      found = runText(faulty(busy, `mutants: [${id}]\n`), String(seed)).violation?.invariant;
    }
    expect(violates).toContain(found);
  },
);

/** Of all operations that ranges answered since the nodes last looked, the share of the busiest. */
function busiestShare(name: string): number {
  const sums = new Map<number, number>();
  let before: readonly number[] = [];
  runText(scenarioFile(name), '1', (world) => {
    const now = states(world).map((state) =>
      state.held.reduce((sum, { machine }) => sum + machine.version, 0),
    );
    for (const [i, version] of now.entries()) {
      // A new version of a range's machine is an operation that its owner has answered.
      if (world.now > 4_000_000 && before[i] !== undefined && version !== before[i]) {
        sums.set(i, (sums.get(i) ?? 0) + 1);
      }
    }
    before = now;
  });
  const all = [...sums.values()];
  return Math.max(...all) / all.reduce((sum, one) => sum + one, 0);
}

test('a hot spot keeps one node busy; split and moved, no node has more than two thirds', () => {
  expect(busiestShare('hot-spot')).toBe(1);
  expect(busiestShare('hot-spot-split')).toBeLessThan(2 / 3);
});

test('a scan asks all ranges that it reaches for the entries within its bounds', () => {
  const told = new Map<string, unknown>();
  const text = `name: a scan over three ranges
protocol: range-partitioning
options: { boundaries: [k4, k7] }
cluster_config: { nodes: 3 }
duration: 4s
faults:
  - { at: 1s, request: { node: n1, type: put, key: k8, value: 3 } }
  - { at: 1s, request: { node: n2, type: put, key: k1, value: 1 } }
  - { at: 1s, request: { node: n3, type: put, key: k5, value: 2 } }
  - { at: 3s, request: { node: n1, type: scan, from: k1, to: k8 } }
`;
  const world = runText(text, '1', (seen) => {
    for (const { request, parts } of states(seen)[0]?.routed ?? []) {
      if (request.command.type !== 'scan') continue;
      for (const { start, value } of parts) told.set(start, value);
    }
  });
  // The last answer ends the scan: it is never seen waiting.
  expect(told.size).toBe(2);
  const expected = new Map([
    ['', [['k1', 1]]],
    ['k4', [['k5', 2]]],
    ['k7', []],
  ]);
  for (const [start, value] of told) expect(value).toEqual(expected.get(start));
  expect(states(world)[0]?.routed).toEqual([]);
});
