/** Whom the placeholders mean. */
import { expect, test } from 'vitest';
import { namesOf, resolve } from '../../sim/faults/nodes.ts';
import { echoWorld, inject, runUntil, type EchoRun } from '../helpers/echo-world.ts';

function led(leader: string, nodes = 5): EchoRun {
  const run = echoWorld({ nodes, clients: 1 });
  const lead = (node: string, epoch: number) =>
    inject(run, { kind: 'request', node, command: { type: 'lead', epoch } });
  lead('n1', 1);
  lead(leader, 2);
  runUntil(run.world, 1);
  return run;
}

const meant = ({ world }: EchoRun, ...refs: string[]) => namesOf(world, resolve(world, refs));

test('the leader is the one of the highest epoch, also while a deposed one believes', () => {
  expect(meant(led('n4'), '{leader}')).toEqual(['n4']);
});

test('a leader that is down leads nobody; a paused one still does', () => {
  const run = led('n4');
  inject(run, { kind: 'pause', nodes: ['n4'] });
  expect(meant(run, '{leader}')).toEqual(['n4']);
  inject(run, { kind: 'crash', nodes: ['n4'] });
  expect(meant(run, '{leader}')).toEqual(['n1']);
});

test('without a leader nobody is meant, and everybody that is up follows', () => {
  const run = echoWorld({ nodes: 3 });
  inject(run, { kind: 'crash', nodes: ['n2', '{leader}'] });
  expect(meant(run, '{leader}')).toEqual([]);
  expect(meant(run, '{followers}')).toEqual(['n1', 'n3']);
});

test.each([
  [3, ['n3'], ['n1', 'n2']],
  [4, ['n3'], ['n1', 'n2', 'n4']],
  [5, ['n3', 'n1'], ['n2', 'n4', 'n5']],
])('of %i nodes the minority is the leader and others below a majority', (nodes, few, many) => {
  const run = led('n3', nodes);
  expect(meant(run, '{minority}')).toEqual(few);
  expect(meant(run, '{majority}')).toEqual(many);
});

test('clients and nodes go by their names, each once; strangers are ignored', () => {
  expect(meant(led('n2'), 'c1', 'n9', '{leader}', 'n2', '{region:eu}')).toEqual(['c1', 'n2']);
});
