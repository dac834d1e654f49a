/** The blocking of two-phase commit, measured; three-phase commit beside it. Seed: 1. */
import { expect, test } from 'vitest';
import type { CommitState } from '../../protocols/transactions/commit/state.ts';
import { runText } from '../helpers/scenario-run.ts';

const TICK_MS = 50;
const LATENCY_MS = 5;

/** Both shards have voted when the coordinator crashes; another transaction wants the same key. */
function crashed(protocol: string, downMs: number): string {
  return `name: the coordinator is down for a while
protocol: ${protocol}
options: { coordinator: n1, shards: [n2, n3], placement: { x: n2, y: n3 }, resend_ms: ${TICK_MS} }
cluster_config: { nodes: 3 }
network_assumptions: { latency_ms: ${LATENCY_MS}, shape: fixed }
disk: { sync_ms: 0 }
duration: 5s
schedule:
  - request n1 txn ops=append:x:1,append:y:2
  - deliver n2<-n1 Execute
  - deliver n1<-n2 Executed
  - deliver n3<-n1 Execute
  - deliver n1<-n3 Executed
  - deliver n2<-n1 Prepare
  - deliver n3<-n1 Prepare
  - crash n1
  - run ${downMs}ms
  - restart n1
`;
}

/** For how long, in milliseconds, n2 is in doubt, and keeps the lock of x. */
function inDoubtMs(protocol: string, downMs: number): number {
  let first = -1;
  let last = -1;
  const world = runText(crashed(protocol, downMs), '1', ({ nodes, now }) => {
    const state = nodes[1]?.state as CommitState | null;
    if (state?.prepared.length !== 1) return;
    expect(state.locks.map(({ key }) => key)).toContain('x');
    if (first < 0) first = now;
    last = now;
  });
  expect(world.violation).toBeNull();
  return (last - first) / 1000;
}

test.each([200, 400, 800, 1600])(
  'participants of two-phase commit stay in doubt for as long as the coordinator is down (%i ms)',
  (downMs) => {
    const measured = inDoubtMs('two-phase-commit', downMs);
    expect(measured).toBeGreaterThanOrEqual(downMs - LATENCY_MS);
    expect(measured).toBeLessThanOrEqual(downMs + 2 * TICK_MS);
  },
);

test('participants of three-phase commit are out of doubt after a few ticks in any case', () => {
  const [short, long] = [
    inDoubtMs('three-phase-commit', 400),
    inDoubtMs('three-phase-commit', 1600),
  ];
  expect(long).toBe(short);
  expect(long).toBeLessThanOrEqual(6 * TICK_MS);
});
