/** What a node finds on a bad disk, and when. */
import { expect, test } from 'vitest';
import type { DiskFault } from '../../sim/faults/index.ts';
import { echoWorld, inject, runUntil, stateOf, type EchoRun } from '../helpers/echo-world.ts';

const disk = (problem: DiskFault['problem'], byUs?: number): DiskFault => ({
  kind: 'disk',
  nodes: ['n1'],
  problem,
  ...(byUs === undefined ? {} : { byUs }),
});

/** The last value that a client was told, or 0. */
function acknowledged({ notes }: EchoRun): number {
  const values = notes.completions.map((completion) =>
    completion.type === 'ok' ? Number(completion.value) : 0,
  );
  return Math.max(0, ...values);
}

function restart(run: EchoRun): void {
  inject(run, { kind: 'crash', nodes: ['n1'] });
  inject(run, { kind: 'restart', nodes: ['n1'] });
}

test('an honest disk keeps every acknowledged write through a crash', () => {
  const run = echoWorld({ clients: 1 });
  for (let ms = 100; ms <= 1000; ms += 7) {
    runUntil(run.world, ms);
    restart(run);
    expect(stateOf(run.world, 'n1').count).toBeGreaterThanOrEqual(acknowledged(run));
  }
});

test('a lying fsync loses acknowledged writes, but only by a crash', () => {
  const run = echoWorld({ clients: 1 });
  runUntil(run.world, 200);
  inject(run, disk('lying-fsync'));
  const before = acknowledged(run);
  runUntil(run.world, 1000);
  expect(acknowledged(run)).toBeGreaterThan(before + 20);
  expect(stateOf(run.world, 'n1').count).toBeGreaterThanOrEqual(acknowledged(run));
  restart(run);
  expect(stateOf(run.world, 'n1').count).toBeLessThanOrEqual(before + 1);
});

test('when fsync stops lying, what it promised is kept', () => {
  const run = echoWorld({ clients: 1 });
  runUntil(run.world, 200);
  inject(run, disk('lying-fsync'));
  runUntil(run.world, 1000);
  inject(run, { kind: 'heal', what: 'disks' });
  restart(run);
  expect(stateOf(run.world, 'n1').count).toBeGreaterThanOrEqual(acknowledged(run));
});

test('a torn write leaves some fields new and some old, of the last unsynced write', () => {
  const outcomes = new Set<string>();
  for (let i = 0; i < 30; i++) {
    const run = echoWorld({ seed: `torn ${i}`, disk: { syncUs: 50_000 } });
    const ask = () => inject(run, { kind: 'request', node: 'n1', command: { type: 'increment' } });
    ask();
    runUntil(run.world, 60);
    ask();
    runUntil(run.world, 70);
    inject(run, disk('torn-write'));
    restart(run);
    const { count, twin } = stateOf(run.world, 'n1');
    outcomes.add(`${count}${twin}`);
  }
  expect([...outcomes].toSorted((a, b) => Number(a) - Number(b))).toEqual(['11', '12', '21', '22']);
});

test('losing what is unsynced is a crash in the middle of a write', () => {
  const run = echoWorld({ disk: { syncUs: 50_000 } });
  const ask = () => inject(run, { kind: 'request', node: 'n1', command: { type: 'increment' } });
  ask();
  runUntil(run.world, 60);
  ask();
  runUntil(run.world, 70);
  inject(run, disk('lose-unsynced'));
  expect(run.world.nodes[0]?.status).toBe('down');
  inject(run, { kind: 'restart', nodes: ['n1'] });
  expect(stateOf(run.world, 'n1').count).toBe(1);
});

test('a corrupted entry shows at the next start, however much was written meanwhile', () => {
  const run = echoWorld({ clients: 1 });
  runUntil(run.world, 200);
  inject(run, disk('corrupt-entry'));
  runUntil(run.world, 500);
  const { count, entries } = stateOf(run.world, 'n1');
  expect(entries.values).toHaveLength(count);
  inject(run, { kind: 'crash', nodes: ['n1'] });
  inject(run, { kind: 'restart', nodes: ['n1'] });
  expect(stateOf(run.world, 'n1').entries.values).toHaveLength(count - 1);
  restart(run);
  expect(stateOf(run.world, 'n1').entries.values).toHaveLength(count - 1);
});

test('a full disk holds answers back until there is space again', () => {
  const run = echoWorld({ clients: 1 });
  runUntil(run.world, 200);
  inject(run, disk('full'));
  runUntil(run.world, 300);
  const before = run.notes.completions.filter(({ type }) => type === 'ok').length;
  runUntil(run.world, 1000);
  const during = run.notes.completions.filter(({ type }) => type === 'ok').length;
  expect(during).toBe(before);
  inject(run, { kind: 'heal', what: 'disks' });
  runUntil(run.world, 1500);
  const after = run.notes.completions.filter(({ type }) => type === 'ok').length;
  expect(after).toBeGreaterThan(during + 10);
  restart(run);
  expect(stateOf(run.world, 'n1').count).toBeGreaterThanOrEqual(acknowledged(run));
});

test('a full disk holds answers back also where a sync takes no time', () => {
  const run = echoWorld({ clients: 1, disk: { syncUs: 0 } });
  inject(run, disk('full'));
  runUntil(run.world, 500);
  expect(acknowledged(run)).toBe(0);
  inject(run, { kind: 'end', what: 'disk', fault: disk('full') });
  runUntil(run.world, 600);
  expect(acknowledged(run)).toBeGreaterThan(0);
});

test('a slow disk makes every answer later by as much', () => {
  const firstAnswer = (byUs: number) => {
    const run = echoWorld({ clients: 1 });
    if (byUs > 0) inject(run, disk('slow', byUs));
    let ms = 0;
    while (run.notes.completions.length === 0) runUntil(run.world, ++ms);
    return ms;
  };
  expect(firstAnswer(40_000) - firstAnswer(0)).toBe(40);
});
