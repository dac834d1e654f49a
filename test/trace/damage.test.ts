/** Whatever happens to a file, reading it gives a sentence and what is left, not an exception. */
import { encode } from '@msgpack/msgpack';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { frame, frameHead, FrameType, magic } from '../../sim/trace/container.ts';
import type { Trace, TraceEvent } from '../../sim/trace/format.ts';
import { readTrace } from '../../sim/trace/read.ts';
import { scan } from '../../sim/trace/scan.ts';
import { joinParts, writeTrace } from '../../sim/trace/write.ts';
import { expectGolden } from '../helpers/golden.ts';
import { recordPinger } from '../helpers/pinger-world.ts';

const small = recordPinger({ seed: '1', nodes: 2, clients: 1 }, 14).bytes;
const whole = readTrace(small).trace as Trace;
const long = recordPinger({ seed: '1', nodes: 2 }, 600).bytes;

interface Piece {
  readonly type: FrameType;
  readonly start: number;
  readonly payload: Uint8Array;
}

function piecesOf(bytes: Uint8Array): Piece[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const pieces: Piece[] = [];
  for (let start = magic.length; start < bytes.length;) {
    const length = view.getUint32(start + 1, true);
    const payload = bytes.slice(start + frameHead, start + frameHead + length);
    pieces.push({ type: bytes[start] as FrameType, start, payload });
    start += frameHead + length;
  }
  return pieces;
}

function build(pieces: readonly { type: number; payload: Uint8Array }[]): Uint8Array {
  const frames = pieces.map(({ type, payload }) => frame(type as FrameType, payload));
  return joinParts([magic, ...frames]);
}

/** The small trace with the payload of one kind of frame replaced; the checksums are right. */
function forged(type: FrameType, payload: Uint8Array): Uint8Array {
  return build(piecesOf(small).map((piece) => (piece.type === type ? { type, payload } : piece)));
}

/** The small trace with its events changed, otherwise as the writer would write it. */
function retold(change: (events: TraceEvent[]) => void): Uint8Array {
  const copy = structuredClone(whole) as Trace & { events: TraceEvent[] };
  change(copy.events);
  return writeTrace(copy);
}

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < depth; i++) value = [value];
  return value;
}

const events = (value: unknown) => forged(FrameType.events, encode(value, { maxDepth: 500 }));
const ascii = (text: string) => new TextEncoder().encode(text);
const flip = (bytes: Uint8Array, at: number, bit = 0) =>
  bytes.map((byte, i) => (i === at ? byte ^ (1 << bit) : byte));
const [, , snapshotPiece, eventsPiece, footerPiece] = piecesOf(small) as [
  Piece,
  Piece,
  Piece,
  Piece,
  Piece,
];
const second = whole.events[1] as TraceEvent;

const damaged: readonly (readonly [name: string, bytes: Uint8Array])[] = [
  ['an empty file', new Uint8Array()],
  ['a scenario instead of a trace', ascii('protocol: raft\nnodes: 5\n')],
  ['a JSON file', ascii('{"seed": 42}')],
  ['a trace in gzip', Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3)],
  ['a zip archive', Uint8Array.of(0x50, 0x4b, 3, 4, 20, 0, 0, 0)],
  ['some other binary file', Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0)],
  ['line ends converted', joinParts([magic.filter((b) => b !== 0x0d), small.subarray(8)])],
  ['only half of the magic number', small.slice(0, 4)],
  ['nothing behind the magic number', small.slice(0, 8)],
  ['cut in the header', small.slice(0, 60)],
  ['cut in the head of a frame', small.slice(0, eventsPiece.start + 5)],
  ['cut in the events', small.slice(0, eventsPiece.start + 100)],
  ['the footer is missing', small.slice(0, footerPiece.start)],
  ['cut in the second frame of events', long.slice(0, long.length - 4000)],
  ['a bit of the header flipped', flip(small, 30)],
  ['a bit of an event flipped', flip(small, eventsPiece.start + 200, 3)],
  ['a bit of a checksum flipped', flip(small, footerPiece.start + 5)],
  ['a length made huge', flip(small, eventsPiece.start + 4, 7)],
  [
    'a frame of an unknown type',
    build([...piecesOf(small).slice(0, 3), { type: 9, payload: encode(1) }]),
  ],
  ['the start left out', build(piecesOf(small).filter(({ type }) => type !== FrameType.start))],
  ['the snapshot twice', build([...piecesOf(small).slice(0, 3), snapshotPiece, footerPiece])],
  ['bytes behind the end', joinParts([small, ascii('more')])],
  ['a newer format', forged(FrameType.header, encode({ ...whole.header, format: 2 }))],
  ['a header without seed', forged(FrameType.header, encode({ ...whole.header, seed: undefined }))],
  [
    'a scenario that was edited',
    forged(
      FrameType.header,
      encode({ ...whole.header, scenario: { ...whole.header.scenario, text: 'protocol: pbft' } }),
    ),
  ],
  ['events that are no list', events({})],
  ['an event with an unknown field', events([whole.events[0], { ...second, colour: 'red' }])],
  ['an event without time', events([whole.events[0], { ...second, at: undefined }])],
  ['an event left out', retold((list) => list.splice(3, 1))],
  ['two events exchanged in time', retold((list) => void ((list[2] as TraceEvent).at = 0))],
  ['a cause in the future', retold((list) => void ((list[1] as TraceEvent).cause = 7))],
  ['an actor that does not exist', retold((list) => void ((list[1] as TraceEvent).actor = 12))],
  [
    'a patch that does not fit',
    retold((list) => {
      const change = list.find((event) => event.changes !== undefined)?.changes?.[0];
      change?.patches.push({ op: 'replace', path: ['state', 'ghost', 'x'], value: 1 });
    }),
  ],
  [
    'a message that was exchanged',
    retold((list) => {
      const message = list.find((event) => event.content !== undefined);
      if (message !== undefined) message.content = 1;
    }),
  ],
  ['a value that ends too early', forged(FrameType.events, Uint8Array.of(0x92, 1))],
  [
    'a list of four billion values',
    forged(FrameType.events, Uint8Array.of(0xdd, 255, 255, 255, 255)),
  ],
  ['values nested 300 deep', events([nested(300)])],
  ['a binary string', forged(FrameType.events, Uint8Array.of(0x91, 0xc4, 1, 0))],
  [
    'a field named __proto__',
    events([{ ['__proto__']: 1 }].map(() => JSON.parse('{"__proto__":1}'))),
  ],
  ['two values in one frame', forged(FrameType.start, Uint8Array.of(0x80, 0x80))],
];

test('each damaged trace is explained by one sentence that says what is left', () => {
  const text = damaged.map(([name, bytes]) => `${name}\n  ${String(readTrace(bytes).problem)}\n`);
  expect(text.join('')).not.toContain('null\n');
  expectGolden('damaged-traces.txt', text.join(''));
});

test('every truncation is noticed, and what is left is the beginning', () => {
  for (let length = 0; length < small.length; length++) {
    const { trace, problem } = readTrace(small.subarray(0, length));
    expect(problem).toMatch(
      /^(truncated at byte \d+: |not a trace \(at byte 0\): the file is empty)/,
    );
    expect(trace?.footer ?? null).toBeNull();
    const list = trace?.events ?? [];
    // All events of this small trace are in one frame.
    if (list.length > 0) expect(list).toEqual(whole.events);
    if (list.length > 0) expect(length).toBeGreaterThanOrEqual(footerPiece.start);
  }
});

test('every single flipped bit is noticed', () => {
  const { bytes } = recordPinger({ seed: '1', nodes: 1 }, 9);
  const count = readTrace(bytes).trace?.events.length;
  for (let at = 0; at < bytes.length; at++) {
    for (let bit = 0; bit < 8; bit++) {
      bytes[at] = (bytes[at] as number) ^ (1 << bit);
      const { trace, problem } = readTrace(bytes);
      bytes[at] = (bytes[at] as number) ^ (1 << bit);
      if (problem === null) expect.fail(`bit ${bit} of byte ${at} went unnoticed`);
      const left = trace?.events.length ?? 0;
      if (left !== 0 && left !== count) expect.fail(`byte ${at}: ${left} events`);
    }
  }
});

test('a cut long trace keeps its full frames', () => {
  const { trace, problem } = readTrace(long.subarray(0, long.length - 4000));
  expect(trace?.events.length).toBe(500);
  expect(problem).toContain('500 events can be used');
});

test('bytes of any kind in a frame of any kind never throw (seed 21)', () => {
  const types = fc.constantFrom(...Object.values(FrameType));
  fc.assert(
    fc.property(types, fc.uint8Array({ maxLength: 60 }), (type, payload) => {
      expect(readTrace(forged(type, payload)).problem).not.toBeNull();
    }),
    { seed: 21, numRuns: 2000 },
  );
});

test('plain values of any kind in a frame of any kind never throw (seed 22)', () => {
  const types = fc.constantFrom(...Object.values(FrameType));
  const values = fc
    .jsonValue({ maxDepth: 5 })
    .filter((v) => !JSON.stringify(v).includes('__proto'));
  fc.assert(
    fc.property(types, values, (type, value) => {
      // An empty start is a start.
      fc.pre(type !== FrameType.start || JSON.stringify(value) !== '{}');
      expect(readTrace(forged(type, encode(value))).problem).not.toBeNull();
    }),
    { seed: 22, numRuns: 1000 },
  );
});

test('one field of one event changed to anything is refused or still adds up (seed 23)', () => {
  const fields = [...new Set(whole.events.flatMap((event) => Object.keys(event)))];
  const cases = fc.record({
    index: fc.nat({ max: whole.events.length - 1 }),
    field: fc.constantFrom(...fields),
    value: fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.integer(), fc.constant(undefined)),
  });
  fc.assert(
    fc.property(cases, ({ index, field, value }) => {
      fc.pre(value === undefined || !JSON.stringify(value).includes('__proto'));
      const bytes = retold((list) => Object.assign(list[index] as TraceEvent, { [field]: value }));
      const { trace, problem } = readTrace(bytes);
      if (problem === null) expect(trace?.footer?.hash).toBe(whole.footer?.hash);
      else expect(trace?.events.length).toBeLessThanOrEqual(whole.events.length);
    }),
    { seed: 23, numRuns: 1000 },
  );
});

test('the scanner passes what the encoder writes, and nothing with a byte more or less', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
      const bytes = encode(value);
      expect(scan(bytes)).toBeNull();
      expect(scan(bytes.subarray(0, -1))).not.toBeNull();
      expect(scan(joinParts([bytes, Uint8Array.of(0)]))).not.toBeNull();
    }),
    { seed: 24, numRuns: 1000 },
  );
  for (const value of [1e300, -5, 70_000, -70_000, 2 ** 40, -(2 ** 40), 'x'.repeat(70_000)]) {
    expect(scan(encode(value))).toBeNull();
  }
  expect(scan(encode(Array.from({ length: 70_000 }, () => null)))).toBeNull();
  expect(scan(encode(nested(100), { maxDepth: 200 }))).toBeNull();
  expect(scan(encode(nested(101), { maxDepth: 200 }))).toContain('100 deep');
});
