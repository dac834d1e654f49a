/** A recorded run is written down completely, and always in the same bytes. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { run, timed, type Strategy } from '../../sim/engine/index.ts';
import { Digest } from '../../sim/trace/digest.ts';
import { identityOf, labelOf, snapshotEvery, type Trace } from '../../sim/trace/format.ts';
import { own, same } from '../../sim/trace/own.ts';
import { readTrace } from '../../sim/trace/read.ts';
import { Recorder } from '../../sim/trace/recorder.ts';
import { stateAfter, stateAt, stateBefore } from '../../sim/trace/state.ts';
import { joinParts, writeTrace } from '../../sim/trace/write.ts';
import { about, makePinger, pingerWorld, recordPinger, stormy } from '../helpers/pinger-world.ts';
import type { PingerSetup } from '../helpers/pinger-world.ts';
import type { PingerState } from '../helpers/pinger.ts';

/** The trace of a run that read back without a problem. */
function traceOf(bytes: Uint8Array): Trace {
  const { trace, problem } = readTrace(bytes);
  expect(problem).toBeNull();
  expect(trace?.footer).not.toBeNull();
  return trace as Trace;
}

const setups = fc.record({
  seed: fc.nat().map(String),
  nodes: fc.integer({ min: 1, max: 5 }),
  clients: fc.integer({ min: 0, max: 3 }),
  lossPpm: fc.constantFrom(0, 200_000),
  syncUs: fc.constantFrom(0, 500),
  limit: fc.constantFrom(6, 1000),
  faults: fc.subarray([...stormy].filter(([, { node }]) => node !== 'n2')),
});

test('the same run gives the same bytes, another seed gives others', () => {
  const setup: PingerSetup = { seed: '1', faults: stormy, lossPpm: 100_000 };
  const first = recordPinger(setup, 400);
  expect(Buffer.from(recordPinger(setup, 400).bytes).equals(first.bytes)).toBe(true);
  expect(recordPinger({ ...setup, seed: '2' }, 400).hash).not.toBe(first.hash);
});

test('a trace says nothing of the machine: no folder of the scenario file', () => {
  const { bytes } = recordPinger({ seed: '1' }, 20);
  expect(traceOf(bytes).header.scenario.file).toBe('pinger.yaml');
  expect(new TextDecoder().decode(bytes)).not.toContain('some/where');
});

test('what is read is what was written: writing it again gives the same bytes (seed 11)', () => {
  fc.assert(
    fc.property(setups, (setup) => {
      const { bytes, hash } = recordPinger(setup, 150);
      const trace = traceOf(bytes);
      expect(Buffer.from(writeTrace(trace)).equals(bytes)).toBe(true);
      expect(trace.footer?.hash).toBe(hash);
    }),
    { seed: 11, numRuns: 20 },
  );
});

test('an unrecorded run has the hash that its trace would have (seed 12)', () => {
  fc.assert(
    fc.property(setups, (setup) => {
      const digest = new Digest();
      run(pingerWorld(setup, digest), { untilUs: 150_000, maxEvents: 10_000 });
      expect(digest.value).toMatch(/^[0-9a-f]{16}$/);
      expect(recordPinger(setup, 150).hash).toBe(digest.value);
    }),
    { seed: 12, numRuns: 20 },
  );
});

test('patches reproduce every state, inverse patches the one before (seed 13)', () => {
  fc.assert(
    fc.property(setups, (setup) => {
      const states: unknown[] = [];
      const parts: Uint8Array[] = [];
      const recorder = new Recorder(about, timed, (part) => parts.push(part));
      const world = makePinger(setup, recorder.strategy, recorder);
      const note = () =>
        states.push(
          world.nodes.map(({ status, incarnation, state }) => ({
            status,
            incarnation,
            state: own(state),
          })),
        );
      recorder.begin(world);
      note();
      for (let next = world.next(); next !== null; next = world.next()) {
        if (next.at > 200_000) break;
        world.perform(next);
        note();
        if (world.violation !== null) break;
      }
      recorder.finish('time');
      const trace = traceOf(joinParts(parts));
      for (let i = -1; i < trace.events.length; i++) {
        expect(same(stateAt(trace, i), states[i + 1])).toBe(true);
        const event = trace.events[i];
        if (event === undefined) continue;
        expect(same(stateAfter(stateAt(trace, i - 1), event), states[i + 1])).toBe(true);
        expect(same(stateBefore(stateAt(trace, i), event), states[i])).toBe(true);
      }
    }),
    { seed: 13, numRuns: 12 },
  );
});

test('a snapshot follows every 500 events and agrees with the patches', () => {
  const { bytes } = recordPinger({ seed: '5', faults: stormy }, 2_000);
  const { snapshots, events } = traceOf(bytes);
  expect(events.length).toBeGreaterThan(2 * snapshotEvery);
  const due = Array.from({ length: Math.floor(events.length / snapshotEvery) + 1 });
  expect(snapshots.map(({ index }) => index)).toEqual(due.map((_, i) => i * snapshotEvery - 1));
});

test('a run that ends at a full frame reads back whole', () => {
  const { bytes } = recordPinger({ seed: '5' }, 60_000, snapshotEvery);
  expect(traceOf(bytes).events).toHaveLength(snapshotEvery);
});

test('every message names the event that sent it, and that event lists it', () => {
  const { events } = traceOf(recordPinger({ seed: '3', clients: 2 }, 500).bytes);
  const arrivals = events.filter(({ kind }) => ['message', 'request', 'response'].includes(kind));
  expect(arrivals.length).toBeGreaterThan(100);
  for (const { cause, content, from, actor } of arrivals) {
    const sends = events[cause as number]?.sends ?? [];
    expect(sends).toContainEqual(expect.objectContaining({ from, to: actor, content }));
  }
});

test('an event follows the one before it at its own node, faults at that node included', () => {
  const { events } = traceOf(recordPinger({ seed: '3', faults: stormy }, 300).bytes);
  const restart = events.find(({ fault }) => fault?.kind === 'restart');
  const next = events.find(({ actor, index, previous }) => {
    return actor === 0 && index > (restart?.index ?? 0) && previous !== undefined;
  });
  expect(next?.previous).toBe(restart?.index);
  for (const { previous, actor } of events) {
    if (previous === undefined) continue;
    const before = events[previous];
    const touched = before?.changes?.map(({ node }) => node) ?? [];
    expect([before?.actor, ...touched]).toContain(actor);
  }
});

test('faults are written with resolved names, and what reaches a dead node is lost', () => {
  const { events } = traceOf(recordPinger({ seed: '3', faults: stormy }, 300).bytes);
  const crash = events.find(({ payload }) => (payload as { kind?: string })?.kind === 'crash');
  expect(crash?.payload).toEqual({ kind: 'crash', node: '{first}' });
  expect(crash?.fault).toEqual({ kind: 'crash', node: 'n1' });
  expect(crash?.changes?.[0]?.patches[0]).toEqual({
    op: 'replace',
    path: ['status'],
    value: 'down',
  });
  const lost = events.filter((event) => event.lost === true);
  expect(lost.length).toBeGreaterThan(0);
  for (const { actor, sends } of lost) expect([actor, sends]).toEqual([0, undefined]);
});

test('outcomes, operations and log events of protocols are in the trace', () => {
  const { events } = traceOf(recordPinger({ seed: '3' }, 100).bytes);
  const outcomes = events.flatMap((event) => event.outcomes ?? []);
  expect(outcomes[0]).toEqual({ client: 0, sequence: 1, completion: { type: 'ok', value: 1 } });
  expect(events.find((event) => event.invoked !== undefined)?.invoked).toEqual({
    sequence: 1,
    command: { type: 'put', key: 'x', value: 1 },
  });
  const logs = events.flatMap((event) => event.logs ?? []);
  expect(logs[0]?.event).toEqual({ event: 'log_replicated', context: { value: 'c1/1' } });
});

test('identity and label are those that the engine would give', () => {
  const { events } = traceOf(recordPinger({ seed: '3' }, 30).bytes);
  const ping = events.find(({ stem }) => stem === 'n1<-n3 Ping');
  expect(ping && labelOf(ping)).toBe('n1<-n3 Ping round=2');
  expect(ping && identityOf(ping)).toMatch(/^n1<-n3 Ping#[0-9a-f]{8}$/);
});

test('a large value is turned into plain data only when its version changes', () => {
  const parts: Uint8Array[] = [];
  const recorder = new Recorder(about, timed, (part) => parts.push(part));
  const world = makePinger({ seed: '4', nodes: 2 }, recorder.strategy, recorder);
  recorder.begin(world);
  run(world, { untilUs: 1_000_000, maxEvents: 100_000 });
  for (const { state } of world.nodes) {
    const { values } = state as PingerState;
    expect(values.length).toBeGreaterThan(20);
    expect(values.unfolded).toBe(values.version + 1);
  }
  expect(world.counters.events).toBeGreaterThan(800);
});

test('a fork of a recorded world leaves the recording alone', () => {
  const setup: PingerSetup = { seed: '9', faults: stormy, strategy: odd() };
  const alone = recordPinger(setup, 200);
  const parts: Uint8Array[] = [];
  const recorder = new Recorder(about, odd(), (part) => parts.push(part));
  const world = makePinger(setup, recorder.strategy, recorder);
  recorder.begin(world);
  run(world, { untilUs: 70_000, maxEvents: 10_000 });
  const fork = world.fork();
  run(fork, { untilUs: 150_000, maxEvents: 10_000 });
  expect(fork.eventIndex).toBeGreaterThan(world.eventIndex);
  recorder.finish(run(world, { untilUs: 200_000, maxEvents: 10_000 }).reason);
  expect(Buffer.from(joinParts(parts)).equals(alone.bytes)).toBe(true);
});

test('draws that the seed explains are not written, others are', () => {
  const plain = traceOf(recordPinger({ seed: '9' }, 100).bytes);
  expect(plain.events.some(({ draws }) => draws !== undefined)).toBe(false);
  const steered = traceOf(recordPinger({ seed: '9', strategy: odd() }, 100).bytes);
  expect(steered.start.draws?.length).toBeGreaterThan(0);
  expect(steered.events.some(({ draws }) => draws !== undefined)).toBe(true);
});

/** Always draws the highest value. */
function odd(): Strategy {
  return { ...timed, name: 'odd', draw: (_key, bound) => bound - 1 };
}
