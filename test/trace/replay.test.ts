/** A replay reproduces its trace, or names the first event that differs. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { run, timed, type Enabled, type Strategy } from '../../sim/engine/index.ts';
import { followSteps, stepOf } from '../../sim/trace/follow.ts';
import { identityOf, type Trace } from '../../sim/trace/format.ts';
import { readTrace } from '../../sim/trace/read.ts';
import { Recorder } from '../../sim/trace/recorder.ts';
import { replayTrace } from '../../sim/trace/replay.ts';
import { joinParts } from '../../sim/trace/write.ts';
import { about, makePinger, pingerWorld, recordPinger, stormy } from '../helpers/pinger-world.ts';
import type { PingerSetup } from '../helpers/pinger-world.ts';
import { raftWorld } from '../helpers/raft-world.ts';

const setup: PingerSetup = { seed: '7', faults: stormy, lossPpm: 50_000, clients: 2 };
const trace = traceOf(recordPinger(setup, 300).bytes);

function traceOf(bytes: Uint8Array): Trace {
  const { trace: read, problem } = readTrace(bytes);
  expect(problem).toBeNull();
  return read as Trace;
}

/** Replays in a world that may have been set up in another way. */
function replayIn(other: PingerSetup, told = trace) {
  return replayTrace(told, (strategy, observer) => makePinger(other, strategy, observer));
}

/** Any pending event may be next; a little generator of its own chooses. */
function wild(seed: number): Strategy {
  let state = seed;
  const next = (bound: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >>> 8) % bound;
  };
  const choose = (enabled: Enabled) => next(enabled.count);
  return { ...timed, name: 'wild', order: 'untimed', choose, draw: (_key, bound) => next(bound) };
}

test('a replay in the same world is the same run, event by event', () => {
  const report = replayIn(setup);
  expect(report.divergence).toBeNull();
  expect(report.events).toBe(trace.events.length);
  expect(report.hash).toBe(trace.footer?.hash);
});

test('any run replays: timed or in any order, drawn from the seed or not (seed 31)', () => {
  const cases = fc.record({
    seed: fc.nat().map(String),
    order: fc.option(fc.nat(), { nil: undefined }),
    limit: fc.constantFrom(8, 1000),
    syncUs: fc.constantFrom(0, 500),
    lossPpm: fc.constantFrom(0, 200_000),
    faults: fc.subarray([...stormy]),
  });
  fc.assert(
    fc.property(cases, ({ order, ...rest }) => {
      const strategy = order === undefined ? timed : wild(order);
      const { bytes, hash, result } = recordPinger({ ...rest, strategy }, 400, 700);
      const report = replayIn(rest, traceOf(bytes));
      expect(report.divergence).toBeNull();
      expect(report.hash).toBe(hash);
      expect(report.violation).toEqual(result.violation);
    }),
    { seed: 31, numRuns: 30 },
  );
});

test('a Raft run with crashes, truncated logs and lost messages replays, states included', () => {
  const parts: Uint8Array[] = [];
  const recorder = new Recorder(about, timed, (part) => parts.push(part));
  const raft = { seed: '6', nodes: 5, clients: 2, network: { lossPpm: 20_000 }, careful: false };
  const world = raftWorld({ ...raft, strategy: recorder.strategy, observer: recorder });
  recorder.begin(world);
  for (let ms = 500, node = 1; ms <= 6_000; ms += 500, node = (node % 5) + 1) {
    run(world, { untilUs: ms * 1000, maxEvents: 100_000 });
    const crash = { kind: 'crash', nodes: [`n${node}`] };
    world.perform(world.scheduleFault(world.now, crash));
    run(world, { untilUs: (ms + 300) * 1000, maxEvents: 100_000 });
    world.perform(world.scheduleFault(world.now, { ...crash, kind: 'restart' }));
  }
  const hash = recorder.finish('events');
  const told = traceOf(joinParts(parts));
  expect(told.events.length).toBeGreaterThan(2_000);
  const report = replayTrace(told, (strategy, observer) =>
    raftWorld({ ...raft, strategy, observer }),
  );
  expect(report.divergence).toBeNull();
  expect(report.hash).toBe(hash);
});

test('a fault that no timeline would bring about is in the trace and happens again', () => {
  const parts: Uint8Array[] = [];
  const recorder = new Recorder(about, timed, (part) => parts.push(part));
  const world = makePinger({ seed: '2' }, recorder.strategy, recorder);
  recorder.begin(world);
  run(world, { untilUs: 20_000, maxEvents: 1000 });
  world.perform(world.scheduleFault(world.now, { kind: 'crash', node: 'n3' }));
  recorder.finish(run(world, { untilUs: 60_000, maxEvents: 1000 }).reason);
  expect(replayIn({ seed: '2' }, traceOf(joinParts(parts))).divergence).toBeNull();
});

test('another seed diverges at the first event, and both sides are named', () => {
  const { divergence, events } = replayIn({ ...setup, seed: '8' });
  expect(events).toBe(0);
  expect(divergence?.message).toMatch(/^n\d beat happens at .*ms, in the trace at .*ms$/);
});

test('a slower disk diverges at the first event that it delays', () => {
  const { divergence } = replayIn({ ...setup, syncUs: 900 });
  const first = trace.events.find(({ kind }) => kind === 'disk');
  expect(divergence?.index).toBe(first?.index);
  expect(divergence?.expected).toBe(first?.stem);
});

test('a message that was lost only in one of the two diverges at the event that sent it', () => {
  const events = trace.events.map((event) => structuredClone(event));
  const first = events.find(({ sends }) => sends?.some(({ dropped }) => dropped === 'loss'));
  for (const send of first?.sends ?? []) delete send.dropped;
  const { divergence } = replayIn(setup, { ...trace, events });
  expect(divergence?.index).toBe(first?.index);
  expect(divergence?.message).toMatch(/sends \S+ \w+#\w{8} \(dropped by loss\), in the trace \S+ /);
});

test('an event that cannot happen is named together with what would happen instead', () => {
  const events = trace.events.map((event) => ({ ...event }));
  const message = events.find(({ kind }) => kind === 'message');
  if (message !== undefined) message.content = 1;
  const { divergence } = replayIn(setup, { ...trace, events });
  expect(divergence?.index).toBe(message?.index);
  expect(divergence?.message).toContain('which cannot happen here; next would be n');
});

test('a state that differs without any message is noticed at the next snapshot', () => {
  const events = trace.events.map((event) => structuredClone(event));
  const change = events.find((event) => event.changes !== undefined)?.changes?.[0];
  change?.patches.push({ op: 'add', path: ['state', 'ghost'], value: 'never' });
  const { divergence } = replayIn(setup, { ...trace, events, footer: null });
  expect(divergence?.message).toMatch(/^the state of n\d differs after events 0 to \d+: state\./);
});

test('a run that ends earlier than its trace says with which violation', () => {
  const { divergence } = replayIn({ ...setup, limit: 3 });
  expect(divergence?.message).toContain('the run ends with pinger/few-values violated');
});

test('a verdict that differs is a divergence', () => {
  const violated = traceOf(recordPinger({ ...setup, limit: 3 }, 300).bytes);
  const { divergence } = replayIn(setup, violated);
  expect(divergence?.index).toBe(violated.events.length);
  expect(divergence?.message).toContain('the verdict differs');
});

test('a trace without its end replays as far as it goes', () => {
  const events = trace.events.slice(0, 50);
  const report = replayIn(setup, { ...trace, events, footer: null });
  expect([report.divergence, report.events]).toEqual([null, 50]);
});

test('a world of other nodes is refused', () => {
  expect(replayIn({ ...setup, nodes: 4 }).divergence?.index).toBe(-1);
});

test('following all names of a run performs exactly that run', () => {
  const world = pingerWorld(setup);
  const followed = followSteps(world, trace.events.map(stepOf));
  expect(followed.performed).toEqual(trace.events.map(identityOf));
  expect([followed.inexact, followed.skipped]).toEqual([[], []]);
  expect(world.now).toBe(trace.events.at(-1)?.at);
});

test('a name left out leaves the others their names; what it would have caused is skipped', () => {
  const steps = trace.events.map(stepOf);
  const pong = trace.events.findIndex(({ stem }) => stem.endsWith(' Pong'));
  const at = trace.events[pong]?.cause ?? -1;
  const followed = followSteps(pingerWorld(setup), [...steps.slice(0, at), ...steps.slice(at + 1)]);
  expect(followed.skipped).toContain(pong - 1);
  expect(followed.performed.length).toBeGreaterThan(trace.events.length / 2);
});

test('a name with another content takes the oldest of the same sort', () => {
  const world = pingerWorld({ seed: '1' });
  const { performed, inexact, skipped } = followSteps(world, [
    { identity: 'n1 beat' },
    { identity: 'n2<-n9 Ping#00000000' },
    ...['n2', 'n3'].map((peer) => ({ identity: `${peer}<-n1 Ping#00000000` })),
  ]);
  expect(performed).toHaveLength(2);
  expect(inexact).toHaveLength(1);
  expect(skipped).toHaveLength(2);
});

test('following ends at the first violation', () => {
  const world = pingerWorld({ ...setup, limit: 3 });
  const { performed } = followSteps(world, trace.events.map(stepOf));
  expect(world.violation?.invariant).toBe('pinger/few-values');
  expect(performed).toHaveLength(world.eventIndex + 1);
});
