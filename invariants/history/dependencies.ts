/** Who read whose write: histories of reads and unique writes as transactions with sources. */
import type { History } from '../../sim/history/operation.ts';
import type { MicroOperation, TransactionInput } from '../../sim/history/vocabulary.ts';
import { item } from './arrays.ts';
import { type Model, show, valueKey } from './model.ts';

/** The initial state of every key, as a source of reads. */
export const initialSource = -1;

/** One operation or transaction: what it read from outside itself, and what it left behind. */
export interface Node {
  /** Its index into the history. */
  readonly index: number;
  /** Sessions are numbered; a crashed operation is a session of its own. */
  readonly session: number;
  /** Its place in the session. */
  readonly sequence: number;
  /** The node that comes before it in its client's order, or -1. */
  readonly before: number;
  /** `from` is a node, or the initial state. */
  readonly reads: readonly { readonly key: string; readonly from: number }[];
  readonly writes: ReadonlySet<string>;
}

/** Something wrong with one read, whatever the consistency. */
export interface ReadAnomaly {
  readonly name: 'thin-air read' | 'aborted read' | 'intermediate read' | 'internal inconsistency';
  readonly operations: readonly number[];
  readonly because: string;
}

export type Dependencies =
  | { readonly nodes: readonly Node[]; readonly sessionCount: number }
  | { readonly anomaly: ReadAnomaly }
  /** Not in the class: a value was written twice, or an operation hides what it saw. */
  | { readonly outside: string };

/** What one operation did, step by step; `value` undefined for a read that told nothing. */
interface Step {
  readonly key: string;
  readonly kind: 'r' | 'w';
  readonly value: unknown;
}

interface Writer {
  readonly index: number;
  readonly isLast: boolean;
}

/** O(n). Crashed operations take part only when someone read from them. */
export function dependenciesOf(history: History, model: Model | null): Dependencies {
  const steps = history.map(({ input, output, outcome }) =>
    stepsOf(input, outcome === 'ok' ? output : undefined, model),
  );
  const writers = new Map<string, Map<unknown, Writer>>();
  for (const [index, list] of steps.entries()) {
    if (list === null) return { outside: 'an operation does not tell what it saw' };
    for (const [place, step] of list.entries()) {
      if (step.kind !== 'w') continue;
      const values = writers.get(step.key) ?? new Map<unknown, Writer>();
      writers.set(step.key, values);
      const isLast = !list.some(
        (other, later) => later > place && other.kind === 'w' && other.key === step.key,
      );
      const isInitial = step.value === valueKey(model?.initialValue ?? null);
      if (values.has(step.value) || isInitial) {
        return { outside: `a value of ${show(step.key)} is written twice` };
      }
      values.set(step.value, { index, isLast });
    }
  }
  return resolve(history, steps as Step[][], writers, valueKey(model?.initialValue ?? null));
}

function stepsOf(input: unknown, output: unknown, model: Model | null): Step[] | null {
  if (model === null) {
    const told = output as readonly MicroOperation[] | undefined;
    const ops = told ?? (input as TransactionInput).ops;
    return ops.map(([f, key, value]) => {
      if (f === 'r')
        return { key, kind: 'r', value: output === undefined ? undefined : valueKey(value) };
      return { key, kind: 'w', value: valueKey(value) };
    });
  }
  const access = model.access?.(input, output) ?? null;
  if (access === null || access.avoids !== undefined) return null;
  const key = model.partitionBy?.(input) ?? '';
  const steps: Step[] = [];
  if (access.observes !== undefined) {
    steps.push({ key, kind: 'r', value: valueKey(access.observes) });
  }
  if (access.produces !== undefined) {
    steps.push({ key, kind: 'w', value: valueKey(access.produces) });
  }
  return steps;
}

function resolve(
  history: History,
  steps: readonly (readonly Step[])[],
  writers: ReadonlyMap<string, ReadonlyMap<unknown, Writer>>,
  initial: unknown,
): Dependencies {
  const sources: { key: string; from: number }[][] = steps.map(() => []);
  for (const [index, list] of steps.entries()) {
    if (item(history, index).outcome === 'fail') continue;
    const seen = new Map<string, unknown>();
    const own = new Set<string>();
    for (const { key, kind, value } of list) {
      const before = seen.get(key);
      if (kind === 'w') own.add(key);
      if (value !== undefined) seen.set(key, value);
      if (kind === 'w' || value === undefined) continue;
      if (before !== undefined) {
        if (before === value) continue;
        const did = own.has(key) ? 'written' : 'read';
        return anomaly(
          'internal inconsistency',
          [index],
          `${tellValue(key, value)} after it had ${did} ${tellKey(before)}`,
        );
      }
      const writer = writers.get(key)?.get(value);
      if (writer === undefined) {
        if (value !== initial)
          return anomaly('thin-air read', [index], `${tellValue(key, value)}, which nobody wrote`);
        sources[index]?.push({ key, from: initialSource });
      } else if (writer.index === index) {
        return anomaly(
          'internal inconsistency',
          [index],
          `${tellValue(key, value)}, which it only wrote later`,
        );
      } else if (item(history, writer.index).outcome === 'fail') {
        return anomaly(
          'aborted read',
          [writer.index, index],
          `${tellValue(key, value)}, whose writer failed`,
        );
      } else if (!writer.isLast) {
        return anomaly(
          'intermediate read',
          [writer.index, index],
          `${tellValue(key, value)}, which its writer overwrote itself`,
        );
      } else sources[index]?.push({ key, from: writer.index });
    }
  }
  return number(history, steps, sources);
}

/** Numbers the nodes: completed operations, and crashed ones that were read from. */
function number(
  history: History,
  steps: readonly (readonly Step[])[],
  sources: readonly (readonly { key: string; from: number }[])[],
): Dependencies {
  const happened = new Uint8Array(history.length);
  const queue: number[] = [];
  const mark = (index: number): void => {
    if (index < 0 || happened[index] === 1) return;
    happened[index] = 1;
    queue.push(index);
  };
  for (const [index, { outcome }] of history.entries()) if (outcome === 'ok') mark(index);
  for (let index = queue.pop(); index !== undefined; index = queue.pop()) {
    for (const { from } of sources[index] ?? []) mark(from);
  }
  const order = [...history.keys()].filter((index) => happened[index] === 1);
  order.sort((a, b) => item(history, a).invokedAt - item(history, b).invokedAt || a - b);
  const nodeOf = new Map(order.map((index, node) => [index, node]));
  const clients = new Map<string, { session: number; length: number; last: number }>();
  let sessionCount = 0;
  const nodes = order.map((index, node): Node => {
    const { client, outcome } = item(history, index);
    const known = clients.get(client);
    const reads = (sources[index] ?? []).map(({ key, from }) => ({
      key,
      from: from < 0 ? initialSource : (nodeOf.get(from) ?? initialSource),
    }));
    const writes = new Set(
      (steps[index] ?? []).flatMap(({ kind, key }) => (kind === 'w' ? [key] : [])),
    );
    const base = { index, before: known?.last ?? -1, reads, writes };
    if (outcome === 'info') {
      sessionCount += 1;
      return { ...base, session: sessionCount - 1, sequence: 0 };
    }
    const session = known ?? { session: sessionCount, length: 0, last: -1 };
    if (known === undefined) {
      sessionCount += 1;
      clients.set(client, session);
    }
    session.length += 1;
    session.last = node;
    return { ...base, session: session.session, sequence: session.length - 1 };
  });
  return { nodes, sessionCount };
}

function anomaly(
  name: ReadAnomaly['name'],
  operations: readonly number[],
  because: string,
): Dependencies {
  return { anomaly: { name, operations, because: `${name}: read ${because}.` } };
}

function tellValue(key: string, value: unknown): string {
  return `${tellKey(value)}${key === '' ? '' : ` of ${show(key)}`}`;
}

function tellKey(value: unknown): string {
  return typeof value === 'string' ? value.replace(/^"/, '') : String(value);
}
