/** What a page holds of a trace: the same events, the same states, in a fraction of the bytes. */
import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readTrace, stateAt, writeTrace, type Trace } from '../../sim/trace/index.ts';
import { States } from '../../sim/viewer/model/states.ts';
import { openStore, type Store } from '../../sim/viewer/model/store.ts';
import { packTrace } from '../../sim/viewer/pack-trace.ts';
import { lastEvents } from '../../sim/viewer/window.ts';
import { museum, recorded } from './examples.ts';

const long = await recorded(
  `name: a long run
protocol: raft
cluster_config: { nodes: 3 }
network_assumptions: { latency_ms: 10, loss: 0.05 }
duration: 1h
max_events: 24000
workload:
  clients: 2
  operations: register
  arrivals: { kind: closed, pause_min: 50ms, pause_max: 90ms }
faults:
  - { at: 2s, crash: n1, for: 2s }
invariants: [raft/election-safety]
`,
  '5',
);

const trace = readTrace(long).trace as Trace;

/** As a page opens it. */
function packed(bytes: Uint8Array): Store {
  const { store, problem } = openStore(packTrace(bytes), true);
  if (store === null) throw new Error(problem ?? 'no store');
  return store;
}

/** The file that the events and states of a packed trace make. */
function unpacked(store: Store): Uint8Array {
  const { header, start, footer, count } = store;
  const states = new States(store);
  const full = Math.floor(count / 500);
  const snapshots = Array.from({ length: full + 1 }, (_, i) => {
    const index = i * 500 - 1;
    return { index, nodes: [...states.at(index)] };
  });
  return writeTrace({ header, start, snapshots, events: store.slice(0, count), footer });
}

test('a packed trace gives back the original file, byte for byte (seed 5)', () => {
  const store = packed(long);
  store.scan();
  expect(Buffer.compare(unpacked(store), long)).toBe(0);
});

const traces = readdirSync(new URL('../../traces/raft', import.meta.url))
  .filter((name) => name.endsWith('.msgpack'))
  .map((name) => name.replace('.msgpack', ''));

test.each(traces)('so does the recorded violation %s', (name) => {
  const store = packed(museum(name));
  expect(store.slice(0, store.count)).toEqual(readTrace(museum(name)).trace?.events);
  expect(Buffer.compare(unpacked(store), museum(name))).toBe(0);
});

test('a page of a long run holds less than a fifth of its bytes (seed 5)', () => {
  expect(packTrace(long).length).toBeLessThan(long.length / 5);
});

test('states are right before the page has looked at the events between, and behind', () => {
  const store = packed(long);
  for (const index of [23_999, 20_400, 777, -1]) {
    expect(new States(store).at(index)).toEqual(stateAt(trace, index));
  }
  store.scan();
  for (const index of [23_999, 20_400, 777, 499, 500, -1]) {
    expect(new States(store).at(index)).toEqual(stateAt(trace, index));
  }
});

test('the end of a longer run is packed with the states before it', () => {
  const store = packed(lastEvents(long, 3000));
  expect(store.first).toBe(21_000);
  expect(store.event(21_007)).toEqual(trace.events[21_007]);
  store.scan();
  expect(new States(store).at(22_600)).toEqual(stateAt(trace, 22_600));
});

test('a trace with its fields in another order stays as it is', () => {
  const events = trace.events.map(({ index, at, ...rest }) => ({ at, index, ...rest }));
  const other = writeTrace({ ...trace, events });
  expect(packTrace(other)).toBe(other);
});

test('packed blocks are for pages: a file that has them is refused with a sentence', () => {
  const { problem } = openStore(packTrace(long));
  expect(problem).toContain('no frame of type 16');
});
