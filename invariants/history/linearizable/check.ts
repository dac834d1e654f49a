/** Linearizability of a history against a sequential model. */
import type { History } from '../../../sim/history/operation.ts';
import type { Model } from '../model.ts';
import { type CheckOptions, type CheckResult, defaultConfigurations } from '../result.ts';
import { counterexampleOf } from './counterexample.ts';
import { decide } from './decide.ts';

/**
 * Whether the history is linearizable. Registers with unique written values: O(n log n) (zones).
 * Otherwise a search: exponential in the number of concurrent operations at worst, near-linear in
 * practice. Partitions take turns with doubling budgets, so that one hard key does not hide an
 * easy verdict of another.
 */
export function checkLinearizable(
  history: History,
  model: Model,
  options: CheckOptions = {},
): CheckResult {
  const decision = decide(history, model, options.configurations ?? defaultConfigurations);
  const result = {
    verdict: decision.verdict,
    algorithm: decision.algorithm,
    operations: history.length,
    configurations: decision.configurations,
  };
  if (decision.verdict === 'unknown') {
    return { ...result, exhausted: `${decision.configurations} configurations` };
  }
  if (decision.verdict === 'valid' || options.counterexample === false) return result;
  return { ...result, counterexample: counterexampleOf(history, model, decision) };
}
