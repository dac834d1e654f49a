/** What crashes, wipes and pauses take from a node, and what they leave. */
import { expect, test } from 'vitest';
import { EventKind } from '../../sim/engine/index.ts';
import { echoWorld, inject, runUntil, stateOf } from '../helpers/echo-world.ts';

test('a crash loses what is volatile and keeps what is synced', () => {
  const run = echoWorld({ clients: 1 });
  runUntil(run.world, 500);
  const { count, sent } = stateOf(run.world, 'n1');
  expect(count).toBeGreaterThan(10);
  expect(sent).toBeGreaterThan(5);
  inject(run, { kind: 'crash', nodes: ['n1'] });
  inject(run, { kind: 'restart', nodes: ['n1'] });
  expect(stateOf(run.world, 'n1')).toMatchObject({ count, sent: 0, heard: {} });
  expect(run.world.nodes[0]?.incarnation).toBe(1);
});

test('a wipe leaves nothing', () => {
  const run = echoWorld({ clients: 1 });
  runUntil(run.world, 500);
  inject(run, { kind: 'wipe', nodes: ['n1'] });
  expect(run.world.nodes[0]?.status).toBe('down');
  inject(run, { kind: 'restart', nodes: ['n1'] });
  expect(stateOf(run.world, 'n1')).toMatchObject({ count: 0 });
});

test('what arrives at a node that is down is lost', () => {
  const run = echoWorld({ nodes: 2, everyMs: 0 });
  run.world.transmit(EventKind.message, 0, 1, { type: 'Ping' });
  inject(run, { kind: 'crash', nodes: ['n2'] });
  runUntil(run.world, 20);
  inject(run, { kind: 'restart', nodes: ['n2'] });
  runUntil(run.world, 100);
  expect(stateOf(run.world, 'n2').heard).toEqual({});
});

test('a paused node gets all its messages when it resumes, in order', () => {
  const run = echoWorld({ nodes: 2, everyMs: 10, network: { fifo: true } });
  runUntil(run.world, 100);
  const before = stateOf(run.world, 'n2').heard['n1']?.length;
  inject(run, { kind: 'pause', nodes: ['n2'] });
  runUntil(run.world, 1000);
  expect(stateOf(run.world, 'n2').heard['n1']).toHaveLength(before as number);
  inject(run, { kind: 'resume', nodes: ['n2'] });
  runUntil(run.world, 1000);
  const heard = stateOf(run.world, 'n2').heard['n1'] as number[];
  expect(heard).toEqual(Array.from({ length: heard.length }, (_, i) => i + 1));
  expect(heard.length).toBeGreaterThan((before as number) + 80);
});

test('a message due at the moment of the resume does not overtake one that waited', () => {
  const resumeAt = 50_000;
  const run = echoWorld({
    nodes: 2,
    everyMs: 0,
    timeline: [{ trigger: { type: 'at', us: resumeAt }, fault: { kind: 'resume', nodes: ['n2'] } }],
  });
  inject(run, { kind: 'pause', nodes: ['n2'] });
  const { schedule } = run.world;
  const ping = (number: number, at: number) =>
    schedule.add(EventKind.message, at, 1, 0, { type: 'Ping', number }, '', '', -1);
  ping(2, resumeAt);
  ping(1, resumeAt - 5000);
  runUntil(run.world, 100);
  expect(stateOf(run.world, 'n2').heard['n1']).toEqual([1, 2]);
});

test('timers of a paused node fire once when it resumes', () => {
  const run = echoWorld({ nodes: 2, everyMs: 50 });
  runUntil(run.world, 120);
  inject(run, { kind: 'pause', nodes: ['n1'] });
  runUntil(run.world, 500);
  inject(run, { kind: 'resume', nodes: ['n1'] });
  runUntil(run.world, 520);
  expect(stateOf(run.world, 'n1').pingedAt).toEqual([50, 100, 500]);
});

test('the limit spares the nodes above it', () => {
  const run = echoWorld();
  inject(run, { kind: 'crash', nodes: ['n1', 'n2', 'n3'], limit: 2 });
  inject(run, { kind: 'pause', nodes: ['n4'], limit: 2 });
  expect(run.world.nodes.map(({ status }) => status)).toEqual(['down', 'down', 'up', 'up', 'up']);
  expect(run.notes.faults.map(({ nodes }) => nodes)).toEqual([['n1', 'n2'], []]);
});

test('the end of a crash restarts only those that the crash stopped', () => {
  const run = echoWorld();
  inject(run, { kind: 'crash', nodes: ['n1'] });
  const action = { kind: 'crash', nodes: ['n1', 'n2'], forUs: 10_000 };
  run.world.perform(run.world.scheduleFault(0, action));
  runUntil(run.world, 20);
  expect(run.world.nodes.map(({ status }) => status)).toEqual(['down', 'up', 'up', 'up', 'up']);
});

test('{any} is a node on which the fault has an effect', () => {
  const run = echoWorld({ nodes: 3 });
  for (let i = 0; i < 3; i++) inject(run, { kind: 'crash', nodes: ['{any}'] });
  inject(run, { kind: 'crash', nodes: ['{any}'] });
  const crashed = run.notes.faults.map(({ nodes }) => nodes as string[]);
  expect(new Set(crashed.flat()).size).toBe(3);
  expect(crashed[3]).toEqual([]);
});
