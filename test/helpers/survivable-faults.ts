/** The faults under which Raft must keep every promise. */
import type { Fault } from '../../sim/faults/index.ts';

const anyNode = ['{any}'];

/** Everything that Raft promises to survive: it trusts its disk, and nobody lies. */
export const survivable: readonly Fault[] = [
  { kind: 'random-partition' },
  { kind: 'isolate', nodes: ['{leader}'] },
  { kind: 'one-way', from: ['{leader}'], to: ['{followers}'] },
  { kind: 'majorities-ring' },
  { kind: 'crash', nodes: anyNode },
  { kind: 'crash', nodes: ['{leader}'] },
  { kind: 'pause', nodes: anyNode },
  { kind: 'loss', ppm: 200_000 },
  { kind: 'duplicate', ppm: 200_000 },
  { kind: 'delay', medianUs: 60_000, shape: 'heavy-tail' },
  { kind: 'reorder', ppm: 300_000, byUs: 400_000 },
  { kind: 'replay-old', ppm: 50_000 },
  { kind: 'clock-step', nodes: anyNode, byUs: 500_000 },
  { kind: 'clock-drift', nodes: anyNode, ppm: 200_000 },
  { kind: 'disk', nodes: anyNode, problem: 'slow', byUs: 80_000 },
  { kind: 'disk', nodes: anyNode, problem: 'full' },
  { kind: 'disk', nodes: anyNode, problem: 'lose-unsynced' },
];

/**
 * What leases survive with a clock bound of so many milliseconds and the usual least election
 * timeout of 150: a lease of 90 on a clock at 80 % takes 112.5, and 150 on one at 120 % take 125.
 */
export const withinClockBound = {
  clockBoundMs: 60,
  faults: [
    ...survivable.filter(({ kind }) => kind !== 'clock-step' && kind !== 'clock-drift'),
    { kind: 'clock-drift', nodes: anyNode, ppm: 200_000 },
    { kind: 'clock-drift', nodes: anyNode, ppm: -200_000 },
    { kind: 'clock-drift', nodes: ['{leader}'], ppm: -200_000 },
  ] satisfies readonly Fault[] as readonly Fault[],
};
