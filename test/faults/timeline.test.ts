/** When the faults of a timeline happen, and when they count as over. */
import { expect, test } from 'vitest';
import { fingerprintText, timed } from '../../sim/engine/index.ts';
import { combine, Timeline, type Fault, type TimelineEntry } from '../../sim/faults/index.ts';
import { echoWorld, inject, observe, runUntil, type EchoRun } from '../helpers/echo-world.ts';

const at = (ms: number, fault: Fault, forMs?: number): TimelineEntry => ({
  trigger: { type: 'at', us: ms * 1000 },
  fault,
  ...(forMs === undefined ? {} : { forUs: forMs * 1000 }),
});

type When = Extract<TimelineEntry['trigger'], { type: 'when' }>;
const when = (condition: When['condition'], afterMs: number, fault: Fault): TimelineEntry => ({
  trigger: { type: 'when', condition, afterUs: afterMs * 1000 },
  fault,
});

const isolate = (node: string): Fault => ({ kind: 'isolate', nodes: [node] });
const crash = (node: string): Fault => ({ kind: 'crash', nodes: [node] });
const lead = (node: string, epoch: number): Fault => ({
  kind: 'request',
  node,
  command: { type: 'lead', epoch },
});

/** `150 crash`: the faults that happened, with their times in milliseconds. */
function happened({ notes }: EchoRun): string[] {
  return notes.events
    .filter((name) => name.includes(' fault '))
    .map((name) => name.replace(/^(\d+)000 fault ([\w-]+).*/, '$1 $2'));
}

test('faults happen at their times, in any order of writing, and end after their length', () => {
  const run = echoWorld({ timeline: [at(300, crash('n1')), at(100, isolate('n2'), 50)] });
  runUntil(run.world, 1000);
  expect(happened(run)).toEqual(['100 isolate', '150 end', '300 crash']);
});

test('an entry waits for its condition only when the one before it has happened', () => {
  const timeline = [
    at(10, lead('n1', 1)),
    at(200, lead('n2', 2)),
    at(300, isolate('n2')),
    when({ type: 'leader-elected' }, 25, crash('n3')),
    at(400, lead('n4', 3)),
  ];
  const run = echoWorld({ timeline });
  runUntil(run.world, 1000);
  expect(happened(run).at(-1)).toBe('425 crash');
});

test('a leader of an old epoch is no new leader, nor is one outside the named nodes', () => {
  const condition = { type: 'leader-elected', among: ['n3', 'n4', 'n5'] } as const;
  const timeline = [
    at(10, lead('n1', 5)),
    at(100, isolate('n1')),
    when(condition, 0, { kind: 'heal', what: 'all' }),
    at(200, lead('n3', 4)),
    at(300, lead('n2', 6)),
    at(400, lead('n4', 7)),
  ];
  const run = echoWorld({ timeline });
  runUntil(run.world, 1000);
  expect(happened(run).at(-1)).toBe('400 heal');
});

test('decided, epoch, event and converged fire when they first hold', () => {
  const increment: Fault = { kind: 'request', node: 'n1', command: { type: 'increment' } };
  const first = (condition: When['condition']) => {
    const run = echoWorld({
      nodes: 2,
      timeline: [
        when(condition, 0, crash('n2')),
        at(70, increment),
        at(80, increment),
        at(130, lead('n2', 9)),
        at(150, { ...increment, node: 'n2' }),
        at(160, { ...increment, node: 'n2' }),
      ],
    });
    runUntil(run.world, 1000);
    return happened(run).find((name) => name.endsWith('crash'));
  };
  expect(first({ type: 'decided', position: 2 })).toBe('80 crash');
  expect(first({ type: 'decided', position: 2, among: ['n2'] })).toBe('160 crash');
  expect(first({ type: 'epoch', epoch: 9 })).toBe('130 crash');
  expect(first({ type: 'event', index: 2 })).toBe('60 crash');
  expect(first({ type: 'decided', position: 3 })).toBeUndefined();
});

test('converged waits until all nodes that are up have decided as much', () => {
  const increment = (node: string): Fault => ({
    kind: 'request',
    node,
    command: { type: 'increment' },
  });
  const timeline = [
    at(70, increment('n1')),
    at(75, isolate('n1')),
    when({ type: 'converged' }, 0, { kind: 'heal', what: 'all' }),
    at(90, increment('n2')),
    at(130, { kind: 'pause', nodes: ['n3'] }),
  ];
  const run = echoWorld({ nodes: 3, timeline });
  runUntil(run.world, 1000);
  expect(happened(run).at(-1)).toBe('130 heal');
});

test('pending counts what is to come and what harms, and is zero when peace has come', () => {
  const run = echoWorld({
    timeline: [
      at(100, isolate('n1'), 100),
      at(300, { kind: 'loss', ppm: 500_000 }),
      when({ type: 'leader-elected' }, 0, { kind: 'heal', what: 'messages' }),
      at(500, lead('n3', 1)),
    ],
  });
  const pending = [0, 150, 250, 350, 600].map((ms) => {
    runUntil(run.world, ms);
    return run.world.faultsPending;
  });
  // Four entries; three and one end, and an isolated node is no harm; three; two and the loss.
  expect(pending).toEqual([4, 4, 3, 3, 0]);
  expect(run.world.lastFaultAt).toBe(500_000);
});

test.each<[string, Fault[], boolean]>([
  ['a minority cut off both ways', [isolate('n1'), isolate('n2')], false],
  ['a majority cut off', [isolate('n1'), isolate('n2'), isolate('n3')], true],
  ['a minority that is down', [crash('n1'), crash('n2')], false],
  ['a majority that is down', [crash('n1'), crash('n2'), crash('n3')], true],
  ['two halves of five', [{ kind: 'random-halves' }], false],
  ['a ring', [{ kind: 'majorities-ring' }], true],
  ['one deaf node', [{ kind: 'one-way', from: ['n1', 'n2', 'n3'], to: ['n5'] }], true],
  ['a little loss', [{ kind: 'loss', ppm: 1, between: ['n1'] }], true],
  [
    'loss around a node that is cut off',
    [isolate('n1'), { kind: 'loss', ppm: 9, between: ['n1'] }],
    false,
  ],
  ['a full disk', [{ kind: 'disk', nodes: ['n1'], problem: 'full' }], true],
  [
    'a full disk on a node that is down',
    [{ kind: 'disk', nodes: ['n1'], problem: 'full' }, crash('n1')],
    false,
  ],
  ['a clock that jumped', [{ kind: 'clock-step', nodes: ['n1'], byUs: 1000 }], false],
  ['a clock that drifts', [{ kind: 'clock-drift', nodes: ['n1'], ppm: 10 }], true],
])('%s, for ever: harm is %s', (_name, faults, harmed) => {
  const run = echoWorld();
  for (const fault of faults) inject(run, fault);
  runUntil(run.world, 500);
  expect(run.world.faultsPending).toBe(harmed ? 1 : 0);
});

test('two timelines direct one world together', () => {
  const director = combine(
    new Timeline([at(100, crash('n1'), 100)]),
    new Timeline([at(150, crash('n2'), 100)]),
  );
  const run = echoWorld({ director });
  expect(run.world.faultsPending).toBeGreaterThan(0);
  runUntil(run.world, 1000);
  expect(happened(run)).toEqual(['100 crash', '150 crash', '200 restart', '250 restart']);
  expect(run.world.faultsPending).toBe(0);
});

test('a timeline that waits goes on waiting in a fork, each world by itself', () => {
  const timeline = [when({ type: 'leader-elected' }, 20, crash('n1'))];
  const run = echoWorld({ timeline });
  runUntil(run.world, 100);
  const child = { world: run.world.fork(timed), notes: { ...run.notes, events: [] as string[] } };
  observe(child.world, child.notes);
  expect(fingerprintText(child.world)).toBe(fingerprintText(run.world));
  inject(child, lead('n2', 1));
  runUntil(child.world, 500);
  runUntil(run.world, 500);
  expect(happened(child)).toEqual(['100 request', '120 crash']);
  expect(happened(run)).toEqual([]);
});
