/** The messages of Multi-Paxos: how many a command takes, and that none of them is ever harmful. */
import { expect, test } from 'vitest';
import { safety } from '../../invariants/multi-paxos/index.ts';
import { EventKind, run, type AnyMessage, type SendRecord } from '../../sim/engine/index.ts';
import { Plan, type PlannedFault } from '../../sim/faults/index.ts';
import { paxosWorld } from '../helpers/paxos-world.ts';
import { survivable } from '../helpers/survivable-faults.ts';

const NODES = 5;

/** The messages that nodes send one another in a rough run of this seed. */
function messagesOf(seed: string): readonly SendRecord[] {
  const sent: SendRecord[] = [];
  const faults = survivable.map((fault): PlannedFault => ({
    fault,
    perSecondPpm: 150_000,
    leastUs: 100_000,
    mostUs: 900_000,
  }));
  const world = paxosWorld({
    seed,
    nodes: NODES,
    clients: 3,
    options: { reads: 'lease', snapshotThreshold: 9, window: 4 },
    network: { latencyUs: 5_000 },
    director: new Plan({ faults, healAtUs: 4_000_000 }),
    observer: {
      onSend(send) {
        if (send.to < NODES && send.from < NODES) sent.push(send);
      },
      afterEvent() {},
    },
  });
  run(world, { untilUs: 5_000_000, maxEvents: 100_000 });
  return sent;
}

test('with a stable leader a command takes 3 (n - 1) messages: accept, accepted, learn', () => {
  const counts = new Map<string, number>();
  const world = paxosWorld({
    seed: 'count',
    nodes: NODES,
    clients: 2,
    observer: {
      onSend({ from, to, payload }) {
        if (from >= NODES || to >= NODES) return;
        const { type } = payload as AnyMessage;
        counts.set(type, (counts.get(type) ?? 0) + 1);
      },
      afterEvent() {},
    },
  });
  run(world, { untilUs: 3_000_000, maxEvents: 100_000 });
  const proposed = (counts.get('Accept') ?? 0) / (NODES - 1);
  expect(proposed).toBeGreaterThan(100);
  // The last commands are still on their way when the run ends.
  expect(Math.abs((counts.get('Accepted') ?? 0) - (NODES - 1) * proposed)).toBeLessThan(10);
  expect(Math.abs((counts.get('Learn') ?? 0) - (NODES - 1) * proposed)).toBeLessThan(10);
  // Phase 1 is for all slots at once: one campaign, or two that met.
  expect(counts.get('Prepare')).toBeLessThanOrEqual(2 * (NODES - 1));
});

test('every type of message occurs in a rough run (seed types)', () => {
  const types = new Set(messagesOf('types').map(({ payload }) => (payload as AnyMessage).type));
  const { onMessage } = paxosWorld().config.protocol;
  expect([...types].toSorted()).toEqual(Object.keys(onMessage).toSorted());
});

test('messages of another run, late, repeated and from anybody, make no handler throw', () => {
  const sent = messagesOf('other');
  const world = paxosWorld({ seed: 'this', nodes: NODES, clients: 1, invariants: [] });
  run(world, { untilUs: 1_000_000, maxEvents: 10_000 });
  for (let i = 0; i < sent.length; i++) {
    const { payload } = sent[(i * 7919) % sent.length] as SendRecord;
    const [to, from] = [i % NODES, (i * 3) % NODES];
    const at = world.now + i * 100;
    world.schedule.add(EventKind.message, at, to, from, payload, '', '', -1);
  }
  run(world, { untilUs: world.now + sent.length * 100 + 1_000_000, maxEvents: 1_000_000 });
  expect(sent.length).toBeGreaterThan(2000);
  expect(world.violation).toBeNull();
});

test('with half of all messages delivered twice no rule is broken (seed again)', () => {
  const world = paxosWorld({
    seed: 'again',
    nodes: NODES,
    clients: 2,
    network: { latencyUs: 5_000, duplicatePpm: 500_000 },
    invariants: safety,
  });
  run(world, { untilUs: 5_000_000, maxEvents: 100_000 });
  expect(world.violation).toBeNull();
});
