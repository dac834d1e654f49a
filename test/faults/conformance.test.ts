/** Every kind of fault behaves as a fault: it heals, it forks, it repeats. */
import { expect, test } from 'vitest';
import { faultKinds, type Fault, type FaultKind } from '../../sim/faults/index.ts';
import { faultConformance } from '../conformance/fault.ts';

const halves = [
  ['n1', 'n2'],
  ['n3', 'n4', 'n5'],
];
const nodes = ['n1', 'n4'];

const examples: { readonly [name: string]: Fault } = {
  partition: { kind: 'partition', sides: halves },
  'partition with a client': { kind: 'partition', sides: [['n1', 'c1'], ['{followers}']] },
  isolate: { kind: 'isolate', nodes: ['{any}'] },
  'one-way': { kind: 'one-way', from: ['n1'], to: ['n2', 'n3'] },
  bridge: { kind: 'bridge', sides: halves, bridge: ['n3'] },
  'majorities-ring': { kind: 'majorities-ring' },
  'random-halves': { kind: 'random-halves' },
  'random-partition': { kind: 'random-partition' },
  'region-partition': { kind: 'region-partition', regions: ['us'] },
  flapping: { kind: 'flapping', sides: halves, downUs: 30_000, upUs: 20_000 },
  loss: { kind: 'loss', ppm: 100_000, between: ['{region:eu}'] },
  duplicate: { kind: 'duplicate', ppm: 100_000 },
  delay: { kind: 'delay', medianUs: 20_000, shape: 'heavy-tail', between: ['c1'] },
  reorder: { kind: 'reorder', ppm: 300_000, byUs: 60_000 },
  'replay-old': { kind: 'replay-old', ppm: 100_000 },
  crash: { kind: 'crash', nodes },
  restart: { kind: 'restart', nodes },
  wipe: { kind: 'wipe', nodes },
  pause: { kind: 'pause', nodes },
  resume: { kind: 'resume', nodes },
  'clock-step': { kind: 'clock-step', nodes, byUs: -70_000 },
  'clock-drift': { kind: 'clock-drift', nodes, ppm: 100_000 },
  'disk lying-fsync': { kind: 'disk', nodes, problem: 'lying-fsync' },
  'disk torn-write': { kind: 'disk', nodes, problem: 'torn-write' },
  'disk lose-unsynced': { kind: 'disk', nodes, problem: 'lose-unsynced' },
  'disk corrupt-entry': { kind: 'disk', nodes, problem: 'corrupt-entry' },
  'disk slow': { kind: 'disk', nodes, problem: 'slow', byUs: 30_000 },
  'disk full': { kind: 'disk', nodes, problem: 'full' },
  heal: { kind: 'heal', what: 'nodes' },
  end: { kind: 'end', what: 'partition', fault: { kind: 'partition', sides: halves } },
  lose: { kind: 'lose', message: 'n2<-n1 Ping' },
  repeat: { kind: 'repeat', message: 'n2<-n1 Ping' },
  byzantine: { kind: 'byzantine', nodes: ['{any}'], behaviours: ['corrupt', 'equivocate'] },
  'byzantine silent': { kind: 'byzantine', nodes, behaviours: ['silent'], ppm: 500_000 },
  lie: { kind: 'lie', how: 'corrupt', message: 'n2<-n1 Ping', field: 'number', add: 1 },
  amnesia: { kind: 'amnesia', nodes },
  twin: { kind: 'twin', nodes },
  request: { kind: 'request', node: '{any}', command: { type: 'increment' } },
};

for (const [name, fault] of Object.entries(examples)) faultConformance(name, fault);

test('every kind of fault has an example here', () => {
  const covered = new Set(Object.values(examples).map(({ kind }) => kind));
  const kinds = Object.keys(faultKinds) as FaultKind[];
  expect(kinds.filter((kind) => !covered.has(kind))).toEqual([]);
});
