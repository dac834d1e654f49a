/** Infers who came before whom from transactions that append to lists and read them. */
import type { History } from '../../../sim/history/operation.ts';
import type {
  TransactionInput,
  TransactionOutput,
  Value,
} from '../../../sim/history/vocabulary.ts';
import { item } from '../arrays.ts';
import { show, valueKey } from '../model.ts';
import { type Edges, edgeKinds } from './levels.ts';
import { addEdge, addRealtimeEdges, addSessionEdges } from './order-edges.ts';

/** Something wrong that needs no cycle to show it. */
export interface Anomaly {
  readonly name: string;
  /** Indices into the history. */
  readonly operations: readonly number[];
  readonly because: string;
}

export interface Inference {
  /** Transactions that took place: indices into the history, in order of invocation. */
  readonly nodes: readonly number[];
  readonly edges: Edges;
  /** Per edge between transactions: the key it is about ('' for session and real time). */
  readonly keys: readonly string[];
  readonly anomalies: readonly Anomaly[];
  /** By key: the nodes whose appends nobody read, so that nothing tells their order. */
  readonly unread: readonly (readonly number[])[];
  /** By key: the transaction with the longest read, which shows the order of the versions. */
  readonly longestReader: ReadonlyMap<string, number>;
}

/** A list as one transaction found it, without what it had appended itself. */
interface ExternalRead {
  readonly index: number;
  readonly key: string;
  readonly list: readonly Value[];
}

interface Append {
  readonly index: number;
  /** Whether the same transaction did not append to the key once more. */
  isLast: boolean;
  /** What the same transaction had appended to the key just before; undefined: nothing. */
  readonly before: unknown;
}

type Appends = Map<string, Map<unknown, Append>>;

/** Null when an element is appended twice: then nothing can be inferred. Linear. */
export function inferListAppend(history: History): Inference | null {
  const appends = appendsOf(history);
  if (appends === null) return null;
  const anomalies: Anomaly[] = [];
  const reads = history.flatMap((operation, index) =>
    operation.outcome === 'ok' ? externalReads(history, index, anomalies) : [],
  );
  const happened = new Uint8Array(history.length);
  for (const [index, { outcome }] of history.entries()) if (outcome === 'ok') happened[index] = 1;
  const byKey = new Map<string, ExternalRead[]>();
  for (const read of reads) {
    const list = byKey.get(read.key);
    if (list === undefined) byKey.set(read.key, [read]);
    else list.push(read);
  }
  const longest = new Map<string, ExternalRead>();
  for (const [key, list] of byKey) {
    const longer = (a: ExternalRead, b: ExternalRead): ExternalRead =>
      b.list.length > a.list.length ? b : a;
    longest.set(key, list.reduce(longer));
  }
  for (const read of reads) {
    const top = longest.get(read.key);
    // What begins the longest read holds nothing new.
    if (top === undefined || (top !== read && isPrefix(read.list, top.list))) continue;
    for (const element of read.list) {
      const writer = appends.get(read.key)?.get(valueKey(element));
      if (writer !== undefined && item(history, writer.index).outcome === 'info') {
        happened[writer.index] = 1;
      }
    }
  }
  const nodes = [...history.keys()].filter((index) => happened[index] === 1);
  nodes.sort((a, b) => item(history, a).invokedAt - item(history, b).invokedAt || a - b);
  const nodeOf = new Int32Array(history.length).fill(-1);
  for (const [node, index] of nodes.entries()) nodeOf[index] = node;
  const edges: Edges = { from: [], to: [], kind: [] };
  const keys: string[] = [];
  const link = (from: number, to: number, kind: number, key: string): void => {
    const [a, b] = [nodeOf[from] ?? -1, nodeOf[to] ?? -1];
    if (a < 0 || b < 0 || a === b) return;
    addEdge(edges, a, b, kind);
    keys.push(key);
  };
  const unread: number[][] = [];
  for (const key of new Set([...appends.keys(), ...byKey.keys()])) {
    const order = longest.get(key) ?? { index: -1, key, list: [] };
    const facts = { history, key, order, appends: appends.get(key) ?? new Map<unknown, Append>() };
    const unseen = inferKey(facts, byKey.get(key) ?? [], link, anomalies);
    const its = new Set(unseen.map((index) => nodeOf[index] ?? -1));
    its.delete(-1);
    if (its.size > 1) unread.push([...its]);
  }
  addSessionEdges(history, nodes, edges);
  addRealtimeEdges(history, nodes, edges);
  const longestReader = new Map([...longest].map(([key, { index }]) => [key, index]));
  return { nodes, edges, keys, anomalies, unread, longestReader };
}

function appendsOf(history: History): Appends | null {
  const appends: Appends = new Map();
  for (const [index, { input }] of history.entries()) {
    const own = new Map<string, unknown>();
    for (const [f, key, element] of (input as TransactionInput).ops) {
      if (f !== 'append') continue;
      const elements = appends.get(key) ?? new Map<unknown, Append>();
      appends.set(key, elements);
      const id = valueKey(element);
      if (elements.has(id)) return null;
      const before = own.get(key);
      const earlier = before === undefined ? undefined : elements.get(before);
      if (earlier !== undefined) earlier.isLast = false;
      elements.set(id, { index, isLast: true, before });
      own.set(key, id);
    }
  }
  return appends;
}

/** What a transaction read of others; reads that contradict what it did itself are `internal`. */
function externalReads(history: History, index: number, anomalies: Anomaly[]): ExternalRead[] {
  const found: ExternalRead[] = [];
  const known = new Map<string, { base: readonly Value[] | null; own: Value[] }>();
  for (const [f, key, value] of (item(history, index).output ?? []) as TransactionOutput) {
    const state = known.get(key) ?? { base: null, own: [] };
    known.set(key, state);
    if (f === 'append') state.own.push(value);
    if (f !== 'r') continue;
    const list = Array.isArray(value) ? (value as readonly Value[]) : [];
    const base = list.slice(0, list.length - state.own.length);
    const endsInOwn = endsWith(list, state.own);
    if (endsInOwn && (state.base === null || isSame(base, state.base))) {
      if (state.base === null) found.push({ index, key, list: base });
      state.base = base;
      continue;
    }
    const because =
      `internal: a transaction read ${show(list)} from ${show(key)}, ` +
      'against what it had read or appended itself.';
    anomalies.push({ name: 'internal', operations: [index], because });
    if (!endsInOwn && state.base === null) found.push({ index, key, list });
  }
  return found;
}

/** What is known of one key: `order` is its longest read. */
interface KeyFacts {
  readonly history: History;
  readonly key: string;
  readonly order: ExternalRead;
  readonly appends: ReadonlyMap<unknown, Append>;
}

/**
 * The versions of one key: the longest read tells their order, every other must begin it. Returns
 * the transactions with appends that nobody read: indices into the history, some perhaps twice.
 */
function inferKey(
  { history, key, order: longest, appends }: KeyFacts,
  reads: readonly ExternalRead[],
  link: (from: number, to: number, kind: number, key: string) => void,
  anomalies: Anomaly[],
): number[] {
  const order = longest.list;
  const report = (name: string, operations: number[], because: string): void => {
    anomalies.push({ name, operations, because: `${name}: ${because}` });
  };
  const writers = order.map((element) => appends.get(valueKey(element))?.index ?? -1);
  const observed = new Set<unknown>(order.map(valueKey));
  if (observed.size < order.length) {
    report('duplicate elements', [longest.index], `a read of ${show(key)} holds one twice.`);
  }
  for (const [place, element] of order.entries()) {
    const append = appends.get(valueKey(element));
    const before = place === 0 ? undefined : valueKey(order[place - 1] ?? null);
    if (append?.before === undefined || append.before === before) continue;
    const because = `${show(key)} holds ${show(element)} not where its transaction appended it.`;
    report('incompatible order', [append.index, longest.index], because);
  }
  const firstFailed = writers.findIndex((index) => history[index]?.outcome === 'fail');
  const firstUnknown = writers.indexOf(-1);
  for (let place = 1; place < order.length; place += 1) {
    const [before, after] = [writers[place - 1] ?? -1, writers[place] ?? -1];
    link(before, after, edgeKinds.ww, key);
    if (before < 0 || after < 0 || history[before]?.outcome !== 'fail') continue;
    if (history[after]?.outcome === 'fail') continue;
    report('dirty update', [before, after], `an element of ${show(key)} follows one that failed.`);
  }
  const newest = writers.at(-1) ?? -1;
  const unobserved = [...appends].filter(
    ([id, { index }]) => !observed.has(id) && history[index]?.outcome !== 'fail',
  );
  for (const [, { index }] of unobserved) if (newest >= 0) link(newest, index, edgeKinds.ww, key);
  const updates = new Map<number, number>();
  for (const { index, list } of reads) {
    if (!isPrefix(list, order)) {
      const operations = [longest.index, index];
      report(
        'incompatible order',
        operations,
        `reads of ${show(key)} return ${show(order)} and ${show(list)}.`,
      );
      continue;
    }
    const end = list.length;
    const what = (place: number): string =>
      `a transaction read ${show(order[place])} in ${show(key)},`;
    if (firstUnknown >= 0 && firstUnknown < end) {
      report('thin-air read', [index], `${what(firstUnknown)} which nobody appended.`);
    }
    if (firstFailed >= 0 && firstFailed < end) {
      const operations = [writers[firstFailed] ?? index, index];
      report('G1a', operations, `${what(firstFailed)} whose transaction failed.`);
    }
    const last = end === 0 ? undefined : appends.get(valueKey(list[end - 1] ?? null));
    if (last !== undefined && !last.isLast && last.index !== index) {
      const because = `${what(end - 1)} in the middle of the transaction that appended it.`;
      report('G1b', [last.index, index], because);
    }
    if (end > 0) link(writers[end - 1] ?? -1, index, edgeKinds.wr, key);
    if (end < order.length) link(index, writers[end] ?? -1, edgeKinds.rw, key);
    const isWriter = (item(history, index).input as TransactionInput).ops.some(
      ([f, k]) => f === 'append' && k === key,
    );
    for (const [, append] of end < order.length ? [] : unobserved) {
      link(index, append.index, edgeKinds.rw, key);
      if (isWriter) link(index, append.index, edgeKinds.rival, key);
    }
    if (!isWriter) continue;
    const rival = updates.get(end);
    if (rival !== undefined && rival !== index) {
      report(
        'lost update',
        [rival, index],
        `two transactions read the same ${show(key)} and both append to it.`,
      );
    }
    updates.set(end, index);
  }
  return unobserved.map(([, { index }]) => index);
}

function isSame(a: readonly Value[], b: readonly Value[]): boolean {
  return a.length === b.length && isPrefix(a, b);
}

function isPrefix(a: readonly Value[], b: readonly Value[]): boolean {
  return a.length <= b.length && a.every((element, i) => sameElement(element, b[i]));
}

function endsWith(list: readonly Value[], end: readonly Value[]): boolean {
  const start = list.length - end.length;
  return start >= 0 && end.every((element, i) => sameElement(element, list[start + i]));
}

function sameElement(a: Value, b: Value | undefined): boolean {
  return a === b || (b !== undefined && valueKey(a) === valueKey(b));
}
