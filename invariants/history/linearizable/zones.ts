/** Registers with unique written values: linearizability in O(n log n), by zones and chains. */
import type { History } from '../../../sim/history/operation.ts';
import { item } from '../arrays.ts';
import { type Model, valueKey } from '../model.ts';

/** Decided, with the operations in conflict (indices into the history), or outside the class. */
export type ZoneAnswer =
  | { readonly verdict: 'valid' }
  | { readonly verdict: 'invalid'; readonly conflict: readonly number[] }
  | null;

interface Access {
  readonly index: number;
  readonly start: number;
  /** Infinity for a crashed operation. */
  readonly finish: number;
  readonly observes: unknown;
  readonly produces: unknown;
}

/** Operations that must take effect next to each other, and the span they force. */
interface Chain {
  /** The least finish: what comes after the chain may not start before... and who sets it. */
  low: number;
  lowOf: number;
  /** The greatest start, and who sets it. */
  high: number;
  highOf: number;
}

const none = Symbol('none');
/** Stands for the virtual write of the initial value, before everything. */
const initialWrite = -1;

/**
 * Gibbons and Korach (SIAM J. Comput. 26(4), 1997), §4: a write and its readers form a cluster
 * that no other may interrupt; here a swap joins the cluster it reads to the one it writes.
 * Null when a value is written twice or an operation hides what it saw: then search.
 */
export function checkZones(history: History, model: Model, members: readonly number[]): ZoneAnswer {
  const accesses: Access[] = [];
  const writers = new Map<unknown, Access>();
  const readers = new Map<unknown, Access[]>();
  const initial = valueKey(model.initialValue ?? null);
  writers.set(initial, {
    index: initialWrite,
    start: -Infinity,
    finish: -Infinity,
    observes: none,
    produces: initial,
  });
  for (const index of members) {
    const operation = item(history, index);
    const isCrashed = operation.outcome === 'info';
    const touched = model.access?.(operation.input, isCrashed ? undefined : operation.output);
    if (touched === null || touched === undefined || touched.avoids !== undefined) return null;
    if (isCrashed && touched.produces === undefined) continue;
    const access = {
      index,
      start: operation.invokedAt,
      finish: isCrashed ? Infinity : (operation.completedAt ?? Infinity),
      observes: touched.observes === undefined ? none : valueKey(touched.observes),
      produces: touched.produces === undefined ? none : valueKey(touched.produces),
    };
    accesses.push(access);
    if (access.produces === none) {
      if (access.observes === none) continue;
      const others = readers.get(access.observes);
      if (others === undefined) readers.set(access.observes, [access]);
      else others.push(access);
    } else {
      if (writers.has(access.produces) || access.observes === access.produces) return null;
      writers.set(access.produces, access);
    }
  }
  return decide(accesses, writers, readers, initial);
}

function decide(
  accesses: readonly Access[],
  writers: ReadonlyMap<unknown, Access>,
  readers: ReadonlyMap<unknown, readonly Access[]>,
  initial: unknown,
): ZoneAnswer {
  for (const [value, [reader]] of readers) {
    if (!writers.has(value) && reader !== undefined) return invalid(reader.index);
  }
  const happened = observedWriters(accesses, writers, readers);
  const successor = new Map<unknown, Access>();
  for (const access of accesses) {
    if (access.produces === none || access.observes === none || !happened.has(access)) continue;
    const rival = successor.get(access.observes);
    if (rival !== undefined) return invalid(rival.index, access.index);
    if (!writers.has(access.observes)) return invalid(access.index);
    successor.set(access.observes, access);
  }
  const chains: Chain[] = [];
  const reached = new Set<Access>();
  for (const head of writers.values()) {
    const starts = head.observes === none && (head.produces === initial || happened.has(head));
    if (!starts) continue;
    const chain = follow(head, successor, readers, reached);
    if ('conflict' in chain) return { verdict: 'invalid', conflict: chain.conflict };
    chains.push(chain);
  }
  const stray = [...successor.values()].filter((access) => !reached.has(access));
  if (stray.length > 0) return invalid(...stray.map(({ index }) => index));
  return conflictOf(chains);
}

/** Writers that must have happened: completed ones, and crashed ones that led to a reader. */
function observedWriters(
  accesses: readonly Access[],
  writers: ReadonlyMap<unknown, Access>,
  readers: ReadonlyMap<unknown, readonly Access[]>,
): ReadonlySet<Access> {
  const happened = new Set<Access>();
  const queue: Access[] = [];
  const mark = (access: Access | undefined): void => {
    if (access === undefined || access.index === initialWrite || happened.has(access)) return;
    happened.add(access);
    queue.push(access);
  };
  for (const value of readers.keys()) mark(writers.get(value));
  for (const access of accesses) {
    if (access.produces !== none && access.finish < Infinity) mark(access);
  }
  for (let access = queue.pop(); access !== undefined; access = queue.pop()) {
    if (access.observes !== none) mark(writers.get(access.observes));
  }
  return happened;
}

/** Walks a chain: writer, its readers in any order, the swap, its readers, … in that order. */
function follow(
  head: Access,
  successor: ReadonlyMap<unknown, Access>,
  readers: ReadonlyMap<unknown, readonly Access[]>,
  reached: Set<Access>,
): Chain | { readonly conflict: readonly number[] } {
  const chain = { low: Infinity, lowOf: -1, high: -Infinity, highOf: -1 };
  const span = (access: Access): void => {
    if (access.finish < chain.low) [chain.low, chain.lowOf] = [access.finish, access.index];
    if (access.start > chain.high) [chain.high, chain.highOf] = [access.start, access.index];
  };
  for (let writer: Access | undefined = head; writer !== undefined;) {
    reached.add(writer);
    if (writer.finish < chain.high) return { conflict: [chain.highOf, writer.index] };
    span(writer);
    const among: readonly Access[] = readers.get(writer.produces) ?? [];
    for (const reader of among) {
      if (reader.finish < writer.start || reader.finish < chain.high) {
        return { conflict: [chain.highOf, reader.index] };
      }
    }
    for (const reader of among) span(reader);
    writer = successor.get(writer.produces);
  }
  return chain;
}

/**
 * X must precede Y exactly when low(X) < high(Y). Two chains that must precede each other are a
 * conflict, and every longer cycle contains such a pair: forward zones (low < high) must not
 * overlap, and a backward zone must not lie inside a forward one.
 */
function conflictOf(chains: readonly Chain[]): ZoneAnswer {
  const forward = chains.filter(({ low, high }) => low < high).sort((a, b) => a.low - b.low);
  for (let i = 1; i < forward.length; i += 1) {
    const [earlier, later] = [item(forward, i - 1), item(forward, i)];
    if (later.low < earlier.high) return pair(earlier, later);
  }
  for (const backward of chains) {
    if (backward.low < backward.high) continue;
    // The last forward zone that begins before this one; none other can contain it.
    const before = countBegun(forward, backward.high) - 1;
    for (let i = before; i >= 0 && i >= before - 1; i -= 1) {
      const zone = item(forward, i);
      if (zone.low < backward.high && backward.low < zone.high) return pair(zone, backward);
    }
  }
  return { verdict: 'valid' };
}

/** How many of the chains, sorted by `low`, begin at that time or before. */
function countBegun(sorted: readonly Chain[], time: number): number {
  let [few, many] = [0, sorted.length];
  while (few < many) {
    const middle = (few + many) >>> 1;
    if (item(sorted, middle).low > time) many = middle;
    else few = middle + 1;
  }
  return few;
}

function pair(a: Chain, b: Chain): ZoneAnswer {
  return invalid(a.lowOf, a.highOf, b.lowOf, b.highOf);
}

/** The initial write is no operation of the history. */
function invalid(...conflict: number[]): ZoneAnswer {
  return { verdict: 'invalid', conflict: [...new Set(conflict)].filter((index) => index >= 0) };
}
