/** Which messages a cut loses, and what the network says of it. */
import { expect, test } from 'vitest';
import { EventKind } from '../../sim/engine/index.ts';
import type { PartitionFault } from '../../sim/faults/index.ts';
import { echoWorld, inject, openLinks, runUntil } from '../helpers/echo-world.ts';

/** Who hears whom under a cut of so many nodes, as `n1: n2 n3`. */
function hears(fault: PartitionFault, nodes = 5, seed = 'cuts'): string[] {
  const run = echoWorld({ nodes, seed });
  inject(run, fault);
  const links = openLinks(run).map((link) => link.split('>') as [string, string]);
  return run.world.nodeIds.map((id) => {
    const from = links.filter(([, to]) => to === id).map(([sender]) => sender);
    return `${id}: ${from.join(' ')}`;
  });
}

test('a partition loses what crosses it, both ways, and nothing else', () => {
  const sides = [
    ['n1', 'n2'],
    ['n3', 'n4', 'n5'],
  ];
  expect(hears({ kind: 'partition', sides })).toEqual([
    'n1: n2',
    'n2: n1',
    'n3: n4 n5',
    'n4: n3 n5',
    'n5: n3 n4',
  ]);
});

test('a node on no side of a partition hears everybody', () => {
  expect(hears({ kind: 'partition', sides: [['n1'], ['n2']] }, 3)).toEqual([
    'n1: n3',
    'n2: n3',
    'n3: n1 n2',
  ]);
});

test('isolated nodes do not hear one another either', () => {
  expect(hears({ kind: 'isolate', nodes: ['n1', 'n2'] }, 4)).toEqual([
    'n1: ',
    'n2: ',
    'n3: n4',
    'n4: n3',
  ]);
});

test('a one-way cut lets the other way pass', () => {
  expect(hears({ kind: 'one-way', from: ['n1'], to: ['n2', 'n3'] }, 3)).toEqual([
    'n1: n2 n3',
    'n2: n3',
    'n3: n2',
  ]);
});

test('the sides of a bridge meet only on it', () => {
  const sides = [
    ['n1', 'n2'],
    ['n4', 'n5'],
  ];
  expect(hears({ kind: 'bridge', sides, bridge: ['n3'] })).toEqual([
    'n1: n2 n3',
    'n2: n1 n3',
    'n3: n1 n2 n4 n5',
    'n4: n3 n5',
    'n5: n3 n4',
  ]);
});

test.each([3, 4, 5, 6, 7, 8, 9, 10, 15, 22])(
  'in a majorities ring of %i everybody sees a majority, no two the same, and nobody sees all',
  (nodes) => {
    const views = hears({ kind: 'majorities-ring' }, nodes).map((line) => {
      const seen = line.split(/:? /).filter((name) => name !== '');
      return seen.toSorted((a, b) => Number(a.slice(1)) - Number(b.slice(1)));
    });
    for (const view of views) expect(view.length).toBeGreaterThan(nodes / 2);
    expect(new Set(views.map((view) => view.join(' '))).size).toBe(nodes);
    expect(views.filter((view) => view.length === nodes)).toHaveLength(nodes === 3 ? 1 : 0);
  },
);

test('random halves are halves, and differ from seed to seed', () => {
  const drawn = Array.from({ length: 20 }, (_, i) => {
    const run = echoWorld({ nodes: 6, seed: `halves ${i}` });
    inject(run, { kind: 'random-halves' });
    return run.notes.faults[0]?.['sides'] as string[][];
  });
  for (const sides of drawn) expect(sides.map((side) => side.length)).toEqual([3, 3]);
  expect(new Set(drawn.map((sides) => JSON.stringify(sides))).size).toBeGreaterThan(8);
});

test('random partitions come in every shape, and never under another cut', () => {
  const kinds = new Set<string>();
  for (let i = 0; i < 60; i++) {
    const run = echoWorld({ seed: `shapes ${i}` });
    inject(run, { kind: 'random-partition' });
    inject(run, { kind: 'random-partition' });
    expect(run.world.network.inForce).toHaveLength(1);
    kinds.add(run.notes.faults[0]?.kind as string);
    expect(run.notes.faults[1]).toMatchObject({ skipped: 'another cut is in force' });
  }
  const shapes = ['bridge', 'isolate', 'majorities-ring', 'one-way', 'partition'];
  expect([...kinds].toSorted((a, b) => (a < b ? -1 : 1))).toEqual(shapes);
});

test('a region that is cut off hears itself only', () => {
  const regions = [0, 0, 1, 1, 2];
  const run = echoWorld({ network: { regions, regionNames: ['eu', 'us', 'asia'] } });
  inject(run, { kind: 'region-partition', regions: ['us'] });
  const us = openLinks(run).filter((link) => /n3|n4/.test(link));
  expect(us).toEqual(['n3>n4', 'n4>n3']);
});

test('a flapping cut is cut and whole in turns', () => {
  const run = echoWorld({ nodes: 2 });
  const sides = [['n1'], ['n2']];
  inject(run, { kind: 'flapping', sides, downUs: 30_000, upUs: 20_000 });
  const open = [0, 29, 30, 49, 50, 79, 80, 99].map((ms) => {
    runUntil(run.world, ms);
    return openLinks(run).length > 0;
  });
  expect(open).toEqual([false, false, true, true, false, false, true, true]);
});

test('a client keeps its links unless it is named', () => {
  const run = echoWorld({ clients: 1 });
  const passes = (from: string, to: string) => {
    const { world, notes } = run;
    const at = (name: string) => world.actorIndex.get(name) as number;
    world.transmit(EventKind.request, at(from), at(to), { type: 'increment' });
    return notes.sends.at(-1)?.dropped === null;
  };
  inject(run, { kind: 'isolate', nodes: ['n1'] });
  expect([passes('c1', 'n1'), passes('n1', 'c1'), passes('n2', 'n1')]).toEqual([true, true, false]);
  inject(run, { kind: 'partition', sides: [['c1', 'n1'], ['n2']] });
  expect([passes('c1', 'n1'), passes('c1', 'n2'), passes('c1', 'n3')]).toEqual([true, false, true]);
});

test('the network tells who is outside the largest group, and when all are back', () => {
  const run = echoWorld();
  inject(run, { kind: 'isolate', nodes: ['n2'] });
  inject(run, { kind: 'one-way', from: ['n5'], to: ['n1', 'n2', 'n3', 'n4'] });
  inject(run, { kind: 'heal', what: 'partitions' });
  inject(run, { kind: 'majorities-ring' });
  expect(run.notes.logs).toEqual([
    { level: 'WARN', event: 'partition_detected', context: { isolated_nodes: ['n2'] } },
    { level: 'WARN', event: 'partition_detected', context: { isolated_nodes: ['n2', 'n5'] } },
    { level: 'INFO', event: 'partition_healed', context: { isolated_nodes: [] } },
    { level: 'WARN', event: 'partition_detected', context: { isolated_nodes: [] } },
  ]);
});

test('the end of one cut leaves another in force', () => {
  const run = echoWorld({
    timeline: [
      {
        trigger: { type: 'at', us: 0 },
        fault: { kind: 'isolate', nodes: ['n1'] },
        forUs: 50_000,
      },
      { trigger: { type: 'at', us: 0 }, fault: { kind: 'isolate', nodes: ['n2'] } },
    ],
  });
  runUntil(run.world, 100);
  expect(run.world.network.inForce.map(({ name }) => name)).toEqual(['cut: isolated n2']);
});

test('a placeholder means whom it meant when the cut began, also when the cut ends', () => {
  const run = echoWorld();
  const lead = (node: string, epoch: number) =>
    inject(run, { kind: 'request', node, command: { type: 'lead', epoch } });
  lead('n4', 1);
  runUntil(run.world, 1);
  const action = { kind: 'isolate', nodes: ['{leader}'], forUs: 20_000 };
  run.world.perform(run.world.scheduleFault(run.world.now, action));
  lead('n2', 2);
  runUntil(run.world, 10);
  expect(run.world.network.inForce.map(({ name }) => name)).toEqual(['cut: isolated n4']);
  runUntil(run.world, 30);
  expect(run.world.network.inForce).toEqual([]);
});
