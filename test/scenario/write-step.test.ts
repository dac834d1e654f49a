/** Faults written as steps of a schedule are read back as the same faults. */
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Fault } from '../../sim/faults/index.ts';
import { editScenario, writeFault } from '../../sim/scenario/index.ts';
import { subject } from '../../sim/property/index.ts';

const text = `# A comment that stays.
name: steps that were written and are read again
protocol: raft
cluster_config: { nodes: 3 }
duration: 1s
`;

const faults: readonly Fault[] = [
  { kind: 'partition', sides: [['n1', 'n2'], ['n3']] },
  { kind: 'isolate', nodes: ['n1'] },
  { kind: 'one-way', from: ['n1'], to: ['n2', 'n3'] },
  { kind: 'bridge', sides: [['n1'], ['n3']], bridge: ['n2'] },
  { kind: 'majorities-ring' },
  { kind: 'random-halves' },
  { kind: 'random-partition' },
  { kind: 'flapping', sides: [['n1'], ['n2', 'n3']], downUs: 20_000, upUs: 1_500_000 },
  { kind: 'loss', ppm: 1_000_000 },
  { kind: 'duplicate', ppm: 250_000, between: ['n1'] },
  { kind: 'delay', medianUs: 200_000, shape: 'heavy-tail' },
  { kind: 'reorder', ppm: 500_000, byUs: 30_000 },
  { kind: 'replay-old', ppm: 10_000 },
  { kind: 'crash', nodes: ['n1', 'n2'] },
  { kind: 'restart', nodes: ['n1'] },
  { kind: 'wipe', nodes: ['n3'] },
  { kind: 'pause', nodes: ['n1'] },
  { kind: 'resume', nodes: ['n1'] },
  { kind: 'clock-step', nodes: ['n1'], byUs: -500_000 },
  { kind: 'clock-drift', nodes: ['n1'], ppm: 200_000 },
  { kind: 'disk', nodes: ['n1'], problem: 'slow', byUs: 5_000 },
  { kind: 'heal', what: 'all' },
  { kind: 'request', node: 'n1', command: { type: 'put', key: 'x', value: 1 } },
  { kind: 'request', node: 'n1', command: { type: 'put', key: 'x', value: '1' } },
  { kind: 'request', node: 'n2', command: { type: 'append', key: 'x', value: 'two words' } },
];

test.each(faults.map((fault) => [fault.kind, fault] as const))('%s', (_kind, fault) => {
  const edited = editScenario(text, [{ path: ['schedule'], value: [writeFault(fault)] }]);
  expect(subject(edited).prepare('1').steps).toEqual([{ type: 'fault', fault }]);
});

test('the end of a fault is written as what heals it', () => {
  const cut: Fault = { kind: 'isolate', nodes: ['n1'] };
  expect(writeFault({ kind: 'end', what: 'isolate', fault: cut })).toBe('heal partitions');
  const slow: Fault = { kind: 'disk', nodes: ['n1'], problem: 'slow' };
  expect(writeFault({ kind: 'end', what: 'disk', fault: slow })).toBe('heal disks');
});

test('one message is lost or repeated by its name', () => {
  expect(writeFault({ kind: 'lose', message: 'n2<-n1 RequestVote' })).toBe(
    'drop n2<-n1 RequestVote',
  );
  expect(writeFault({ kind: 'repeat', message: 'n2<-n1 RequestVote' })).toBe(
    'duplicate n2<-n1 RequestVote',
  );
});

test('an edit changes what it names and leaves the rest, comments included', () => {
  const edited = editScenario(text, [
    { path: ['cluster_config', 'nodes'], value: 5 },
    { path: ['duration'], value: undefined },
    { path: ['network_assumptions', 'loss'], value: 0 },
  ]);
  expect(edited).toContain('# A comment that stays.');
  expect(parse(edited)).toEqual({
    name: 'steps that were written and are read again',
    protocol: 'raft',
    cluster_config: { nodes: 5 },
    network_assumptions: { loss: 0 },
  });
});
