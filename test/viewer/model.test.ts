/** The viewer's model over real traces: what it holds of them must be what the trace says. */
import { expect, test } from 'vitest';
import { explain, identityOf, readTrace, stateAt, type Trace } from '../../sim/trace/index.ts';
import { answer } from '../../sim/viewer/fork/fork.ts';
import { align, follow } from '../../sim/viewer/model/align.ts';
import { arrowsIn, sentBy } from '../../sim/viewer/model/arrows.ts';
import { Effects, whyViolated } from '../../sim/viewer/model/causes.ts';
import { filterRows, parseFilter } from '../../sim/viewer/model/filter.ts';
import { logGridOf } from '../../sim/viewer/model/log-grid.ts';
import { pendingAfter } from '../../sim/viewer/model/pending.ts';
import { formatHash, parseHash } from '../../sim/viewer/model/permalink.ts';
import { runUntil } from '../../sim/viewer/model/predicate.ts';
import { changesOf, treeOf } from '../../sim/viewer/model/state-diff.ts';
import { States } from '../../sim/viewer/model/states.ts';
import { openStore } from '../../sim/viewer/model/store.ts';
import { writeOf } from '../../sim/viewer/model/writes.ts';
import { museum, opened, recorded, scenarioText } from './examples.ts';

const bytes = await recorded(scenarioText('split-brain'), '42');
const trace = readTrace(bytes).trace as Trace;
const store = opened(bytes);
const effects = new Effects(store);
const figure8 = opened(await recorded(scenarioText('raft/figure-8'), '1'));

test('columns and decoded events say what the reader of traces says', () => {
  expect(store.count).toBe(trace.events.length);
  expect(store.header).toEqual(trace.header);
  expect(store.footer).toEqual(trace.footer);
  for (const event of trace.events) {
    const { index, at, actor, from = -1, cause = -1, previous = -1, stem } = event;
    const { columns, stems } = store;
    const held = [columns.at, columns.actor, columns.from, columns.cause, columns.previous];
    expect(held.map((column) => column[index])).toEqual([at, actor, from, cause, previous]);
    expect(stems.texts[columns.stem[index] ?? 0]).toBe(stem);
  }
  for (const index of [0, 499, 500, 3553, 1234]) {
    expect(store.event(index)).toEqual(trace.events[index]);
  }
});

test('states are those of the trace, whichever way somebody walks', () => {
  const states = new States(store);
  for (const index of [-1, 0, 498, 499, 500, 777, 776, 775, 3553, 2, 1]) {
    expect(states.at(index)).toEqual(stateAt(trace, index));
  }
});

test('the causes of a violation are those that explain gives', () => {
  for (const name of ['vote-not-persisted', 'commit-old-term', 'match-regress']) {
    const file = museum(name);
    const found = explain(readTrace(file).trace as Trace);
    const held = opened(file);
    const { causes, chain } = whyViolated(held, found?.violation as never);
    expect({ causes, chain }).toEqual({ causes: found?.causes, chain: found?.chain });
  }
});

test('every message that arrived has one arrow, and every dropped one ends midway', () => {
  const all = trace.events.flatMap(({ index }) => sentBy(store, effects, index));
  const arrived = all.filter(({ toEvent }) => toEvent !== null);
  const kinds = ['message', 'request', 'response'];
  const messages = trace.events.filter(
    ({ kind, cause }) => kinds.includes(kind) && cause !== undefined,
  );
  expect(new Set(arrived.map(({ toEvent }) => toEvent))).toEqual(
    new Set(messages.map(({ index }) => index)),
  );
  expect(arrived).toHaveLength(messages.length);
  const dropped = all.filter(({ fate }) => fate === 'dropped');
  expect(dropped).toHaveLength(trace.footer?.counters.dropped ?? -1);
});

test('a window of rows shows the arrows that pass through it without touching it', () => {
  const long = arrowsIn(store, effects, 0, store.count, 1e9).find(
    ({ fromEvent, toEvent }) => toEvent !== null && toEvent - fromEvent > 4,
  );
  const { fromEvent, toEvent } = long as { fromEvent: number; toEvent: number };
  const inside = arrowsIn(store, effects, fromEvent + 2, toEvent - 1);
  expect(inside).toContainEqual(long);
});

test('cuts, roles and operations are gathered on the way', () => {
  const { cuts, spans, operations, elections } = store.gathered;
  expect(cuts).toEqual([
    expect.objectContaining({
      index: 913,
      sides: [
        ['n1', 'n2'],
        ['n3', 'n4', 'n5'],
      ],
      to: expect.objectContaining({ index: 1897 }),
    }),
  ]);
  const leaders = spans.flat().filter(({ leads }) => leads);
  expect(leaders.map(({ epoch }) => epoch)).toEqual([1, expect.any(Number)]);
  expect(elections).toHaveLength(2);
  const outcomes = trace.events.flatMap(({ outcomes: ended = [] }) => ended);
  expect(operations.filter(({ end }) => end !== null)).toHaveLength(outcomes.length);
});

test('a crashed node has a span without a state', () => {
  const statuses = figure8.gathered.spans[0]?.map(({ status }) => status);
  expect(statuses).toContain('down');
});

test('filters hide what does not fit, and say what they do not understand', () => {
  const count = (text: string) => filterRows(store, text)?.length;
  const { events } = trace;
  expect(filterRows(store, ' ')).toBeNull();
  expect(count('node:n3')).toBe(events.filter(({ actor }) => actor === 2).length);
  expect(count('type:AppendEntries node:n3 term>1')).toBe(
    events.filter(({ actor, stem, payload }) => {
      const { term } = (payload ?? {}) as { term?: number };
      return actor === 2 && stem.split(' ')[1]?.startsWith('AppendEntries') && (term ?? 0) > 1;
    }).length,
  );
  expect(count('kind:fault')).toBe(2);
  expect(count('-kind:fault')).toBe(events.length - 2);
  expect(count('step:10..19 at>0')).toBe(10);
  expect(count('"forUs=2000000"')).toBe(1);
  expect(count('/fault (partition|end)/')).toBe(2);
  expect(parseFilter('colour:red /(/ node:n1').problems).toHaveLength(2);
});

test('the last write of a field is the event whose patches touched it', () => {
  const states = new States(store);
  const node = 0;
  const path = ['state', 'commitIndex'];
  const commits = (index: number) =>
    (states.at(index)[node]?.state as { commitIndex: number } | undefined)?.commitIndex;
  const last = writeOf(store, 3000, -1, node, path) as number;
  expect(commits(last)).not.toBe(commits(last - 1));
  expect(commits(2999)).toBe(commits(last));
  expect(writeOf(store, last - 1, 1, node, path)).toBe(last);
  expect(writeOf(store, 5, -1, node, path)).toBeNull();
});

test('a run goes on until its predicate begins to hold', () => {
  const states = new States(store);
  const found = runUntil(store, states, -1, 'commitIndex >= 5') as number;
  const most = (index: number) =>
    Math.max(
      ...states.at(index).map(({ state }) => (state as { commitIndex: number }).commitIndex),
    );
  expect([most(found - 1) < 5, most(found) >= 5]).toEqual([true, true]);
  const leader = runUntil(store, states, -1, 'n1.role = leader');
  expect(leader).toBe(store.gathered.elections[0]);
  expect(runUntil(store, states, -1, 'n1.role = emperor')).toBeNull();
  expect(runUntil(store, states, -1, 'when pigs fly')).toContain('not understood');
  expect(runUntil(figure8, new States(figure8), 0, 'violation')).toBe(34);
});

test('the log grid marks what is committed and what contradicts another log', () => {
  const grid = logGridOf(figure8.header.nodes, new States(figure8).at(34));
  const cells = grid?.rows.map(({ cells: row }) => row[1]);
  expect(cells?.map((cell) => cell?.term)).toEqual([undefined, 2, 2, undefined, 3]);
  const conflicts = cells?.map((cell) => cell?.conflicts);
  expect(conflicts).toEqual([undefined, true, true, undefined, true]);
  const before = logGridOf(figure8.header.nodes, new States(figure8).at(26));
  expect(before?.rows[0]?.cells.map(({ isDecided }) => isDecided)).toEqual([true, true, false]);
  const quiet = logGridOf(store.header.nodes, new States(store).at(900));
  expect(quiet?.rows.flatMap(({ cells: row }) => row).some(({ conflicts }) => conflicts)).toBe(
    false,
  );
  const leader = quiet?.rows.find(({ role }) => role === 'leader');
  expect(leader?.match.map(({ node }) => node)).toEqual(store.header.nodes);
});

test('what an event changed is listed, and marked in the tree of the state', () => {
  const states = new States(figure8);
  const changes = changesOf(figure8, states, 0);
  expect(changes.map(({ node, text }) => `${node} ${text}`)).toEqual([
    'n1 currentTerm',
    'n1 votedFor',
    'n1 role',
    'n1 votesGranted[0]',
  ]);
  const changed = new Set(['state.votesGranted[0]', 'state.role']);
  const lines = treeOf(states.at(0)[0]?.state, changed).filter(({ isChanged }) => isChanged);
  expect(lines.map(({ name, value }) => [name, value])).toEqual([
    ['role', '"candidate"'],
    ['votesGranted', '["n1"]'],
  ]);
});

test('what is pending at a step happens later, or is on its way for ever', () => {
  const items = pendingAfter(store, effects, 500);
  for (const { cause, happens } of items) {
    expect(cause).toBeLessThanOrEqual(500);
    if (happens !== null) expect(happens).toBeGreaterThan(500);
  }
  const next = trace.events.find(({ kind }, i) => i > 500 && kind !== 'fault');
  expect(items.some(({ happens }) => happens === next?.index)).toBe(true);
});

test('two runs are aligned by name: first the common part, then each event once', async () => {
  const other = opened(await recorded(scenarioText('split-brain'), '42'));
  const same = align(store, other);
  expect(same.divergence).toBe(store.count);
  const { header, start } = figure8;
  const edits = [{ type: 'drop', event: identityOf(figure8.event(20)) } as const];
  const [before, after] = [figure8.slice(0, 20), figure8.slice(20, figure8.count)];
  const request = { type: 'fork', header, start, before, edits, onward: 'follow', after } as const;
  const forked = answer(request, header.engine);
  if (forked.type === 'failed') throw new Error(forked.problem);
  const { divergence, toRight, toLeft } = align(figure8, opened(forked.bytes));
  expect(divergence).toBe(20);
  expect(toRight[20]).toBe(-1);
  expect(toRight.subarray(20).some((right) => right >= 0)).toBe(true);
  for (const [left, right] of toRight.entries()) {
    if (right >= 0) expect(toLeft[right]).toBe(left);
  }
  expect(follow(toRight, divergence)).toBe(divergence - 1);
});

test('a permalink comes back as it went', () => {
  const place = { step: 61, node: 'n1', slice: 1, filter: 'term>2 "a b"', tab: 'log' } as const;
  expect(parseHash(formatHash(place))).toEqual(place);
  expect(parseHash('#step=x&slice=0')).toEqual({});
});

test('a damaged trace says where it broke, and its beginning can be looked at', () => {
  const broken = bytes.slice();
  broken[1_000_000] = (broken[1_000_000] as number) ^ 0xff;
  const { store: part, problem } = openStore(broken);
  expect(problem).toMatch(/^damaged at byte \d+: the checksum/);
  expect(part?.count).toBeGreaterThan(0);
  part?.scan();
  expect(part?.event(3)).toEqual(trace.events[3]);
  const cut = openStore(bytes.slice(0, 900_000));
  expect(cut.problem).toMatch(/^truncated at byte 900000/);
  expect(cut.store?.footer).toBeNull();
  expect(openStore(new TextEncoder().encode('name: a')).store).toBeNull();
});
