/** The simulation agrees with the formulas of the specification. Seed: 1. */
import { describe, expect, test } from 'vitest';
import {
  simulateAsyncReplication,
  simulateSyncReplication,
} from '../../protocols/replication/formulas.ts';
import type { ReplicationState } from '../../protocols/replication/state.ts';
import { EventKind, run, type Request, type World } from '../../sim/engine/index.ts';
import { entryWorld, type EntryWorld } from '../helpers/entry-world.ts';

/** Every node in a region of its own: so far from n1, there and back, in milliseconds. */
function world(roundTripsMs: readonly number[], wanted: Partial<EntryWorld>): World {
  const nodes = roundTripsMs.length + 1;
  const far = 1_000_000;
  const oneWayUs = [0, ...roundTripsMs.map((ms) => ms * 500)];
  const regionLatencyUs = oneWayUs.map((_, from) =>
    oneWayUs.map((_unused, to) => (from === 0 ? oneWayUs[to] : to === 0 ? oneWayUs[from] : far)),
  ) as number[][];
  return entryWorld({
    protocol: 'replication',
    nodes,
    diskSyncUs: 0,
    clients: 1,
    workload: { limit: 0 },
    network: {
      latencyUs: 0,
      shape: 'fixed',
      regions: [...oneWayUs.keys(), 0],
      regionLatencyUs,
    },
    invariants: [],
    ...wanted,
  });
}

/** Hands a write to n1 at this time, in microseconds. */
function write(made: World, sequence: number, atUs: number): void {
  const command = { type: 'put', key: 'x', value: sequence };
  const request: Request = { client: 'c1', sequence, command, attempt: 1 };
  const client = made.nodes.length;
  made.schedule.add(EventKind.request, atUs, 0, client, request, '', '', -1);
}

function state(made: World, node: number): ReplicationState {
  return made.nodes[node]?.state as ReplicationState;
}

/** Event by event, until it is true. */
function runUntil(made: World, isTrue: () => boolean): void {
  for (let event = made.next(); event !== null && !isTrue(); event = made.next()) {
    made.perform(event);
  }
}

/** How long a write takes until it is acknowledged, in milliseconds. */
function latencyMs(
  roundTripsMs: readonly number[],
  options: Readonly<Record<string, unknown>>,
): number {
  const made = world(roundTripsMs, { options });
  write(made, 1, 1000);
  runUntil(made, () => state(made, 0).committed > 0);
  expect(state(made, 0).committed).toBe(1);
  return (made.now - 1000) / 1000;
}

describe('the latency of a write', () => {
  test.each([[[10, 20, 30]], [[30, 20, 10]], [[7]], [[4, 40, 4, 12]]])(
    'to replicas %j away is the formula: the slowest when synchronous',
    (latenciesMs) => {
      const formula = simulateSyncReplication({ replicas: latenciesMs.length, latenciesMs });
      const simulated = latencyMs(latenciesMs, { acknowledgement: 'synchronous' });
      expect(simulated).toBe(formula.totalLatencyMs);
    },
  );

  test('is that of the k-th fastest when semi-synchronous, and none when asynchronous', () => {
    const away = [30, 10, 20];
    expect(latencyMs(away, {})).toBe(10);
    expect(latencyMs(away, { wait_for: 2 })).toBe(20);
    expect(latencyMs(away, { acknowledgement: 'asynchronous' })).toBe(0);
  });
});

describe('the lag of an asynchronous replica', () => {
  /** The replica is 1 ms away: what is on its way counts, too. */
  const onTheWay = 3;

  test.each([
    [1000, 800, 6],
    [500, 400, 4],
    [200, 250, 4],
  ])(
    'with %i writes and %i applications a second for %i s is the formula',
    (writeRate, applyRate, durationSeconds) => {
      const formula = simulateAsyncReplication({ writeRate, applyRate, durationSeconds });
      const options = { acknowledgement: 'asynchronous', apply_ms: 1000 / applyRate };
      const made = world([2], { options });
      for (let i = 0; i < writeRate * durationSeconds; i++) {
        write(made, i + 1, Math.round((i * 1_000_000) / writeRate));
      }
      const endUs = durationSeconds * 1_000_000;
      run(made, { untilUs: endUs, maxEvents: 1_000_000 });
      const behind = state(made, 0).committed - state(made, 1).applied;
      expect(Math.abs(behind - formula.lagMessages)).toBeLessThanOrEqual(onTheWay);
      const caughtUp = () => state(made, 1).applied === state(made, 0).committed;
      runUntil(made, caughtUp);
      const lagSeconds = (made.now - endUs) / 1_000_000;
      // A heartbeat may have to bring the news that the last write is acknowledged.
      expect(Math.abs(lagSeconds - formula.lagSeconds)).toBeLessThan(0.06);
    },
  );
});
