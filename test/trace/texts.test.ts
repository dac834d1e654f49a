/** What people read: differences, explanations, exports. */
import { expect, test } from 'vitest';
import { diffText, diffTraces } from '../../sim/trace/diff.ts';
import { differences } from '../../sim/trace/difference.ts';
import { explain, explainText } from '../../sim/trace/explain.ts';
import { labelOf, type Trace } from '../../sim/trace/format.ts';
import { changedFields } from '../../sim/trace/line.ts';
import { readTrace } from '../../sim/trace/read.ts';
import { mermaidMessages, traceInfo, traceJsonLines } from '../../sim/trace/render.ts';
import { traceMermaid, traceText } from '../../sim/trace/render.ts';
import { expectGolden } from '../helpers/golden.ts';
import { recordPinger, stormy, type PingerSetup } from '../helpers/pinger-world.ts';

const setup: PingerSetup = { seed: '7', faults: stormy, limit: 4 };

function record(other: Partial<PingerSetup> = {}, forMs = 400): Trace {
  return readTrace(recordPinger({ ...setup, ...other }, forMs).bytes).trace as Trace;
}

test('the texts of one small trace are those that a person found right', () => {
  const trace = record();
  const parts = {
    info: traceInfo(trace),
    explain: explainText(trace, 12),
    text: traceText(trace).split('\n').slice(0, 30).join('\n'),
    mermaid: traceMermaid(trace),
    diff: diffText(trace, record({ faults: stormy.slice(1), seed: '7' })),
  };
  const titled = Object.entries(parts).map(([name, text]) => `== ${name}\n${text.trimEnd()}\n`);
  expectGolden('trace-texts.txt', titled.join('\n'));
});

test('two recordings of one run have no difference', () => {
  const diff = diffTraces(record(), record());
  expect(diff).toMatchObject({ header: [], index: null, what: null, state: [] });
  expect(diffText(record(), record())).toMatch(/^the same \d+ events/);
});

test('the first difference is found, with its kind and the states there', () => {
  const left = record({ limit: 1000 });
  const events = left.events.map((event) => structuredClone(event));
  const changed = events.findIndex((event) => event.changes !== undefined);
  const patch = events[changed]?.changes?.[0]?.patches[0];
  if (patch !== undefined) patch.value = 99;
  const diff = diffTraces(left, { ...left, events });
  expect([diff.index, diff.what]).toEqual([changed, 'state']);
  expect(diff.state[0]?.right).toBe(99);
  const shorter = { ...left, events: left.events.slice(0, 9), footer: null };
  expect(diffTraces(left, shorter)).toMatchObject({ index: 9, what: 'end', right: null });
  expect(diffText(shorter, left)).toContain('the left trace has ended');
  const late = left.events.map((event, i) => (i === 5 ? { ...event, at: event.at + 1 } : event));
  expect(diffTraces(left, { ...left, events: late })).toMatchObject({ index: 5, what: 'time' });
  const other = record({ seed: '8', limit: 1000 });
  expect(diffTraces(left, other).header).toEqual([{ path: ['seed'], left: '7', right: '8' }]);
});

test('every cause in an explanation happened before the violation, faults included', () => {
  const trace = record();
  const explanation = explain(trace);
  const { causes, chain, violation } = explanation as NonNullable<typeof explanation>;
  expect(causes.at(-1)).toBe(violation.event);
  expect(causes.length).toBeLessThan(trace.events.length);
  expect(chain.length).toBeLessThan(causes.length);
  const faults = trace.events.filter(({ kind }) => kind === 'fault').map(({ index }) => index);
  expect(chain).toEqual(expect.arrayContaining(faults));
  const messages = chain.filter((index) => trace.events[index]?.kind === 'request');
  for (const index of messages) expect(chain).toContain(trace.events[index]?.cause);
});

test('a trace without a violation has nothing to explain', () => {
  expect(explain(record({ limit: 1000 }))).toBeNull();
  expect(explainText(record({ limit: 1000 }))).toBe('no invariant is violated in this trace\n');
});

test('facts that point nowhere do not break an explanation', () => {
  const trace = record();
  const violation = trace.footer?.violation;
  const facts = [
    { text: 'odd', event: 1_000_000 },
    { text: 'odder', event: -5, node: 'n9' },
  ];
  const footer = { ...trace.footer, violation: { ...violation, facts } } as Trace['footer'];
  expect(explainText({ ...trace, footer })).toContain('odder');
});

test('a Mermaid diagram has at most 50 messages and says when it leaves some out', () => {
  const isArrow = (line: string) => /->>|-x/.test(line);
  const long = traceMermaid(record({ limit: 1000 }));
  expect(long.split('\n').filter(isArrow)).toHaveLength(mermaidMessages);
  expect(long).toMatch(/%% 50 of \d+ messages/);
  expect(traceMermaid(record({}, 30))).not.toContain('%%');
});

test('JSON lines can be parsed one by one, and carry identity and label', () => {
  const trace = record();
  const lines = traceJsonLines(trace).trimEnd().split('\n');
  expect(lines).toHaveLength(trace.events.length + 3);
  const values = lines.map((line) => JSON.parse(line) as { event?: { label: string } });
  expect(values[2]?.event?.label).toBe(labelOf(trace.events[0] as Trace['events'][number]));
});

test('texts have one line for each event and no control characters', () => {
  const trace = record();
  expect(traceText(trace).trimEnd().split('\n')).toHaveLength(trace.events.length);
  const all = traceText(trace) + traceInfo(trace) + explainText(trace) + diffText(trace, trace);
  expect(Array.from(all).filter((sign) => sign < ' ' && sign !== '\n')).toEqual([]);
});

test('changes of a state are told with the value before', () => {
  const change = {
    node: 0,
    patches: [
      { op: 'replace' as const, path: ['state', 'role'], value: 'leader' },
      { op: 'add' as const, path: ['state', 'log', 3], value: { term: 2 } },
      { op: 'remove' as const, path: ['state', 'a b'] },
    ],
    inverse: [{ op: 'replace' as const, path: ['state', 'role'], value: 'follower' }],
  };
  expect(changedFields(change)).toEqual([
    'role: "follower" → "leader"',
    'log[3] = {"term":2}',
    '["a b"] removed',
  ]);
});

test('differences are the outermost places that differ', () => {
  const left = { a: [1, { b: 2 }], c: null, gone: 1 };
  const right = { a: [1, { b: 3 }, 4], c: {}, come: undefined };
  expect(differences(left, right).map(({ path }) => path.join('.'))).toEqual([
    'a.1.b',
    'a.2',
    'c',
    'gone',
  ]);
});
