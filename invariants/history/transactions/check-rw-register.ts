/** Serializability and snapshot isolation of transactions that read and write registers. */
import type { History } from '../../../sim/history/operation.ts';
import { item } from '../arrays.ts';
import { type Node, dependenciesOf, initialSource } from '../dependencies.ts';
import { describeOperation } from '../explain.ts';
import { decide as decideLinearizable } from '../linearizable/decide.ts';
import { shrink } from '../minimize.ts';
import type { Model } from '../model.ts';
import { transactions } from '../models/transaction.ts';
import { type CheckOptions, type CheckResult, defaultConfigurations } from '../result.ts';
import { checkSequential } from '../sequential/check.ts';
import { weakenReads } from '../weaken.ts';
import { type Edges, type Level, edgeKinds, levelOf } from './levels.ts';
import { addRealtimeEdges, addSessionEdges } from './order-edges.ts';
import { type Choice, type Edge, solve } from './polygraph.ts';

export interface RwRegisterOptions extends CheckOptions {
  /** [strong-session-|strong-](serializable|snapshot-isolation); default strict-serializable. */
  readonly level?: string;
}

interface Decision {
  readonly verdict: 'valid' | 'invalid' | 'unknown';
  readonly configurations: number;
  readonly exhausted?: string;
}

/**
 * Unique written values: a polygraph, NP-complete in theory, quick in practice. Values that recur:
 * a search over the frontiers of the sessions (serializable levels only), exponential in their
 * number (Biswas and Enea, OOPSLA 2019).
 */
export function checkRwRegister(history: History, options: RwRegisterOptions = {}): CheckResult {
  const level = levelOf(options.level ?? 'strict-serializable');
  if (level === undefined || (level.kinds & edgeKinds.rw) === 0) {
    throw new TypeError(
      `${options.level}: expected serializable or snapshot-isolation, ` +
        'alone or after strong-session- or strong-',
    );
  }
  const dependencies = dependenciesOf(history, null);
  const isUnique = !('outside' in dependencies);
  const decide = (candidate: History, limit: number): Decision =>
    isUnique ? byPolygraph(candidate, level, limit) : byFrontier(candidate, level, limit);
  const decision = decide(history, options.configurations ?? defaultConfigurations);
  const result = {
    ...decision,
    algorithm: isUnique ? 'polygraph' : 'frontiers',
    operations: history.length,
  };
  if (decision.verdict !== 'invalid' || options.counterexample === false) return result;
  const found = shrink(history, weakenReads(null), decide);
  const because = [
    ...found.history.map((operation) => `${operation.client} did ${describeOperation(operation)}.`),
    `No order of these is ${level.name}.`,
  ];
  return { ...result, counterexample: { ...found, because } };
}

function byPolygraph(history: History, level: Level, limit: number): Decision {
  const dependencies = dependenciesOf(history, null);
  if ('outside' in dependencies) return { verdict: 'unknown', configurations: 0 };
  if ('anomaly' in dependencies) return { verdict: 'invalid', configurations: 0 };
  const { nodes } = dependencies;
  const count = nodes.length;
  const isSnapshot = level.toleratesWriteSkew;
  // As in levelGraph, but side by side: odd is a transaction reached by an anti-dependency.
  const depends = (from: number, to: number): Edge[] => {
    if (from === to) return [];
    return isSnapshot
      ? [
          [2 * from, 2 * to],
          [2 * from + 1, 2 * to],
        ]
      : [[from, to]];
  };
  const misses = (from: number, to: number): Edge[] => {
    if (from === to) return [];
    return isSnapshot ? [[2 * from, 2 * to + 1]] : [[from, to]];
  };
  const known = orderEdges(history, nodes, level).flatMap(([from, to]) => depends(from, to));
  const writers = new Map<string, number[]>();
  const readers = new Map<string, number[]>();
  for (const [node, { reads, writes }] of nodes.entries()) {
    for (const key of writes) writers.set(key, [...(writers.get(key) ?? []), node]);
    for (const { key, from } of reads) {
      if (from !== initialSource) known.push(...depends(from, node));
      const version = `${from} ${key}`;
      readers.set(version, [...(readers.get(version) ?? []), node]);
    }
  }
  const choices: Choice[] = [];
  for (const [key, list] of writers) {
    for (const reader of readers.get(`${initialSource} ${key}`) ?? []) {
      for (const writer of list) known.push(...misses(reader, writer));
    }
    const before = (a: number, b: number): Edge[] => [
      ...depends(a, b),
      ...(readers.get(`${a} ${key}`) ?? []).flatMap((reader) => misses(reader, b)),
    ];
    for (const [place, a] of list.entries()) {
      for (const b of list.slice(place + 1))
        choices.push({ either: before(a, b), or: before(b, a) });
    }
  }
  const nodeCount = isSnapshot ? 2 * count : count;
  const solution = solve({ nodeCount, known, choices }, limit);
  if (solution.verdict !== 'unknown') return solution;
  return { ...solution, exhausted: `${limit} partial orders of the writes` };
}

function orderEdges(history: History, nodes: readonly Node[], level: Level): Edge[] {
  const edges: Edges = { from: [], to: [], kind: [] };
  const indices = nodes.map(({ index }) => index);
  if ((level.kinds & edgeKinds.session) !== 0) addSessionEdges(history, indices, edges);
  if ((level.kinds & edgeKinds.realtime) !== 0) addRealtimeEdges(history, indices, edges);
  return edges.from.map((from, edge) => [from, item(edges.to, edge)]);
}

/** One transaction at a time, by search: sessions as clients, real time as it was. */
function byFrontier(history: History, level: Level, limit: number): Decision {
  if (level.toleratesWriteSkew) {
    const exhausted = 'unique values: one is written twice to a key';
    return { verdict: 'unknown', configurations: 0, exhausted };
  }
  const model = transactions() as Model;
  const exhausted = `${limit} configurations`;
  if ((level.kinds & edgeKinds.realtime) !== 0) {
    const { verdict, configurations } = decideLinearizable(history, model, limit);
    return verdict === 'unknown'
      ? { verdict, configurations, exhausted }
      : { verdict, configurations };
  }
  const isBound = (level.kinds & edgeKinds.session) !== 0;
  const sessions = isBound
    ? history
    : history.map((operation, index) => ({ ...operation, client: `${index}` }));
  const options = { configurations: limit, counterexample: false };
  const { verdict, configurations } = checkSequential(sessions, model, options);
  return verdict === 'unknown'
    ? { verdict, configurations, exhausted }
    : { verdict, configurations };
}
