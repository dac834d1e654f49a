/** Isolation of transactions over lists: which level holds, and what breaks the one asked for. */
import type { History } from '../../../sim/history/operation.ts';
import type { TransactionOutput } from '../../../sim/history/vocabulary.ts';
import { item } from '../arrays.ts';
import { describeTransaction } from '../explain.ts';
import { type Selection, asInfo, shrink } from '../minimize.ts';
import { show } from '../model.ts';
import type { CheckOptions, CheckResult } from '../result.ts';
import { weakenReads } from '../weaken.ts';
import { findCycle } from './cycles.ts';
import { type Level, edgeKinds, isAcyclic, isWeaker, levelOf, levels } from './levels.ts';
import { type Inference, inferListAppend } from './list-append.ts';
import { canOrderUnread } from './unread.ts';

/** What a check of transactions tells beyond the verdict. */
export interface TransactionResult extends CheckResult {
  /** Every anomaly found, by Adya's and Elle's names. */
  readonly anomalies: readonly string[];
  /** The strongest level that holds: in itself, with session order, with real time; or null. */
  readonly strongest: {
    readonly plain: string | null;
    readonly session: string | null;
    readonly realtime: string | null;
  };
}

export interface ListAppendOptions extends CheckOptions {
  /** The level to hold; default strict-serializable. */
  readonly level?: string;
}

/**
 * Elle (Kingsbury and Alvaro, VLDB 2020) over lists: versions are told by the reads, so every level
 * is the absence of certain cycles. Linear in the size of the history, real-time edges times the
 * number of clients. Complete too: unobserved appends are ordered by nobody.
 */
export function checkListAppend(
  history: History,
  options: ListAppendOptions = {},
): TransactionResult {
  const level = levelOf(options.level ?? 'strict-serializable');
  if (level === undefined) {
    throw new TypeError(
      `${options.level}: expected one of ${levels.map(({ name }) => name).join(', ')}`,
    );
  }
  const base = { algorithm: 'version orders', operations: history.length, configurations: 0 };
  const inference = inferListAppend(history);
  if (inference === null) {
    const strongest = { plain: null, session: null, realtime: null };
    const exhausted = 'unique elements: one is appended twice to a list';
    return { ...base, verdict: 'unknown', exhausted, anomalies: [], strongest };
  }
  const top = levels.at(-1) ?? level;
  // What forbids most is tried first: correct histories need no other look.
  const answers = new Map<Level, boolean | null>();
  const isBest = holds(inference, top);
  for (const each of levels) answers.set(each, isBest === true || holds(inference, each));
  const holding = levels.filter((each) => answers.get(each) === true);
  const strongest = {
    plain: strongestOf(holding, 0),
    session: strongestOf(holding, edgeKinds.session),
    realtime: strongestOf(holding, edgeKinds.session | edgeKinds.realtime),
  };
  const failing = levels.filter((each) => answers.get(each) === false);
  const named = inference.anomalies.map(({ name }) => name);
  const anomalies = [...new Set([...named, ...cycleNames(inference, failing)])];
  const result = { ...base, anomalies, strongest };
  if (answers.get(level) === true) return { ...result, verdict: 'valid' };
  if (answers.get(level) === null) return { ...result, verdict: 'unknown', exhausted: openOrders };
  if (options.counterexample === false) return { ...result, verdict: 'invalid' };
  return {
    ...result,
    verdict: 'invalid',
    counterexample: counterexampleOf(history, inference, level),
  };
}

const openOrders = 'the orders tried for appends that nobody read';

/** Null when the search for an order of unread appends gave up. */
function holds(inference: Inference, level: Level): boolean | null {
  if (inference.anomalies.some(({ name }) => level.forbids.includes(name))) return false;
  const { nodes, edges, unread } = inference;
  return (
    isAcyclic(nodes.length, edges, level) && canOrderUnread(nodes.length, edges, unread, level)
  );
}

function strongestOf(holding: readonly Level[], order: number): string | null {
  const { session, realtime } = edgeKinds;
  const isOfOrder = ({ kinds }: Level): boolean => (kinds & (session | realtime)) === order;
  return holding.findLast(isOfOrder)?.name ?? null;
}

/** Names a cycle for each level that fails though all weaker ones hold. */
function cycleNames({ nodes, edges, anomalies }: Inference, failing: readonly Level[]): string[] {
  const isImplied = (level: Level): boolean => failing.some((other) => isWeaker(other, level));
  return failing.flatMap((level) => {
    if (isImplied(level)) return [];
    const cycle = findCycle(nodes.length, edges, level);
    if (cycle !== null) return [cycle.name];
    return anomalies.some(({ name }) => level.forbids.includes(name)) ? [] : ['unread conflict'];
  });
}

function counterexampleOf(
  history: History,
  inference: Inference,
  level: Level,
): NonNullable<CheckResult['counterexample']> {
  const keep = new Set<number>();
  const anomaly = inference.anomalies.find(({ name }) => level.forbids.includes(name));
  if (anomaly !== undefined) for (const index of anomaly.operations) keep.add(index);
  else {
    const cycle = findCycle(inference.nodes.length, inference.edges, level);
    for (const node of cycle?.nodes ?? []) keep.add(item(inference.nodes, node));
    for (const edge of cycle?.edges ?? []) {
      const reader = inference.longestReader.get(inference.keys[edge] ?? '');
      if (reader !== undefined) keep.add(reader);
    }
  }
  const decide = (candidate: History): { verdict: string; configurations: number } => {
    const again = inferListAppend(candidate);
    const answer = again === null || holds(again, level);
    const verdict = answer === null ? 'unknown' : answer ? 'valid' : 'invalid';
    return { verdict, configurations: 0 };
  };
  const found = shrink(history, weakenReads(null), decide, () => [
    () => withWriters(history, keep),
  ]);
  return { ...found, because: because(found.history, level) };
}

/** The transactions to keep, and as `info` the writers of all they read. */
function withWriters(history: History, keep: ReadonlySet<number>): Selection {
  const seen = new Set<string>();
  for (const index of keep) {
    for (const [f, key, list] of (item(history, index).output ?? []) as TransactionOutput) {
      if (f !== 'r' || !Array.isArray(list)) continue;
      for (const element of list) seen.add(`${show(element)} in ${key}`);
    }
  }
  return history.map((operation, index) => {
    if (keep.has(index)) return operation;
    const { ops } = operation.input as { ops: TransactionOutput };
    const isSeen = ops.some(
      ([f, key, element]) => f === 'append' && seen.has(`${show(element)} in ${key}`),
    );
    if (!isSeen) return null;
    return operation.outcome === 'fail' ? operation : asInfo(operation);
  });
}

function because(history: History, level: Level): string[] {
  const inference = inferListAppend(history);
  if (inference === null) return [];
  const anomaly = inference.anomalies.find(({ name }) => level.forbids.includes(name));
  if (anomaly !== undefined) return [anomaly.because];
  const cycle = findCycle(inference.nodes.length, inference.edges, level);
  if (cycle === null) {
    const told = history.map(
      (operation) => `${operation.client}'s ${describeTransaction(operation)}`,
    );
    return [...told, `No order of the appends that nobody read makes these ${level.name}.`];
  }
  const at = (node: number): string => {
    const operation = item(history, item(inference.nodes, node));
    return `${operation.client}'s ${describeTransaction(operation)}`;
  };
  const steps = cycle.nodes.map((node, i) => {
    const next = cycle.nodes[(i + 1) % cycle.nodes.length] ?? node;
    const key = show(inference.keys[cycle.edges[i] ?? -1] ?? '');
    return `${at(node)} comes before ${at(next)}: ${reason(cycle.kinds[i] ?? 0, key)}.`;
  });
  return [`${cycle.name}, which ${level.name} forbids: they go round in a circle.`, ...steps];
}

function reason(kind: number, key: string): string {
  const { ww, wr, rw, session, rival } = edgeKinds;
  if (kind === rival) return `it did not see the other's append to ${key}, and appended too`;
  if (kind === ww) return `it appended to ${key} first`;
  if (kind === wr) return `the second read from ${key} what the first appended`;
  if (kind === rw) return `the first did not see what the second appended to ${key}`;
  return kind === session
    ? 'the same client did it first'
    : 'it completed before the other was invoked';
}
