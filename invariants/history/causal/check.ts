/** Causal consistency of reads and unique writes, of single operations and of transactions. */
import type { History, Operation } from '../../../sim/history/operation.ts';
import { type Dependencies, type Node, dependenciesOf } from '../dependencies.ts';
import { describeOperation } from '../explain.ts';
import { type Weaken, shrink, weakenAllBut } from '../minimize.ts';
import type { Model } from '../model.ts';
import type { CheckOptions, CheckResult } from '../result.ts';
import { weakenReads } from '../weaken.ts';
import { type CausalLevel, findPattern } from './patterns.ts';

/** A checker over who-read-from-whom: what is wrong with the nodes, or null. */
export type Judge = (
  nodes: readonly Node[],
  sessionCount: number,
) => { readonly name: string; readonly nodes: readonly number[]; readonly because?: string } | null;

/**
 * Causal consistency at one of three levels; CCv (causal convergence) is what a replicated store
 * that promises convergence must keep. Unique written values; `unknown` where a value is written
 * twice. `model` null: a history of transactions.
 */
export function checkCausal(
  history: History,
  model: Model | null,
  level: CausalLevel = 'CCv',
  options: CheckOptions = {},
): CheckResult {
  return checkDependencies(
    history,
    model,
    (nodes, sessions) => findPattern(nodes, sessions, level),
    `bad patterns (${level})`,
    options,
  );
}

/** Runs a judge over a history's dependencies and makes its verdict a result. */
export function checkDependencies(
  history: History,
  model: Model | null,
  judge: Judge,
  algorithm: string,
  options: CheckOptions,
): CheckResult {
  const base = { algorithm, operations: history.length, configurations: 0 };
  const dependencies = dependenciesOf(history, model);
  if ('outside' in dependencies) {
    return { ...base, verdict: 'unknown', exhausted: `unique values: ${dependencies.outside}` };
  }
  const found = judgeAll(dependencies, judge);
  if (found === null) return { ...base, verdict: 'valid' };
  if (options.counterexample === false) return { ...base, verdict: 'invalid' };
  const weaken: Weaken = weakenReads(model);
  const decide = (candidate: History): { verdict: string; configurations: number } => {
    const again = dependenciesOf(candidate, model);
    if ('outside' in again) return { verdict: 'valid', configurations: 0 };
    return { verdict: judgeAll(again, judge) === null ? 'valid' : 'invalid', configurations: 0 };
  };
  const keep = new Set(found.operations);
  const smaller = shrink(history, weaken, decide, () => [
    () => weakenAllBut(history, keep, weaken),
  ]);
  const final = dependenciesOf(smaller.history, model);
  const reason = 'outside' in final ? null : judgeAll(final, judge);
  const because = [reason?.because ?? found.because, ...sessionsOf(smaller.history, model)];
  return { ...base, verdict: 'invalid', counterexample: { ...smaller, because } };
}

function judgeAll(
  dependencies: Exclude<Dependencies, { outside: string }>,
  judge: Judge,
): { readonly because: string; readonly operations: readonly number[] } | null {
  if ('anomaly' in dependencies) return dependencies.anomaly;
  const found = judge(dependencies.nodes, dependencies.sessionCount);
  if (found === null) return null;
  const operations = found.nodes.map((node) => dependencies.nodes[node]?.index ?? -1);
  return { operations, because: found.because ?? `${found.name}: ${meaning[found.name] ?? ''}` };
}

const meaning: Readonly<Record<string, string>> = {
  CyclicCO: 'session order and reads-from go round in a circle.',
  WriteCOInitRead: 'a read found nothing, though a write to its key was in its causal past.',
  WriteCORead: 'a read found a value that a write in its causal past had overwritten.',
  CyclicCF: 'no order of the writes agrees with all that the reads took for the latest.',
  WriteHBInitRead: 'a read found nothing, though its session had to have seen a write to its key.',
  CyclicHB: 'no order of the writes explains all reads of one session.',
};

function sessionsOf(history: History, model: Model | null): string[] {
  const clients = new Map<string, Operation[]>();
  for (const operation of history) {
    const list = clients.get(operation.client) ?? [];
    clients.set(operation.client, [...list, operation]);
  }
  return [...clients].map(([client, operations]) => {
    const told = operations.map((operation) => describeOperation(operation, model ?? undefined));
    return `${client} did: ${told.join('; ')}.`;
  });
}
