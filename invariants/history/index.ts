/**
 * History checkers: whether what clients saw is what a consistency level allows.
 *
 * ```ts
 * const result = check(history, casRegister(), { consistency: 'linearizable' });
 * if (result.verdict === 'invalid') console.log(result.counterexample?.because.join('\n'));
 * ```
 */
import type { History } from '../../sim/history/operation.ts';
import { checkCausal } from './causal/check.ts';
import { checkConvergence } from './convergence.ts';
import { checkLinearizable } from './linearizable/check.ts';
import type { Model } from './model.ts';
import type { CheckOptions, CheckResult } from './result.ts';
import { checkSequential } from './sequential/check.ts';
import { type SessionGuarantee, checkSession, sessionGuarantees } from './session.ts';
import { checkListAppend } from './transactions/check-list-append.ts';
import { checkRwRegister } from './transactions/check-rw-register.ts';
import { levels } from './transactions/levels.ts';

export type { Access, Foreseen, Foresight, Model } from './model.ts';
export type { CheckOptions, CheckResult, Counterexample, Verdict } from './result.ts';
export { checkCausal, checkLinearizable, checkSequential, checkSession };
export { checkConvergence, checkListAppend, checkRwRegister, levels, sessionGuarantees };
export type { CausalLevel } from './causal/patterns.ts';
export { type Replica, checkReplicas } from './convergence.ts';
export type { TransactionResult } from './transactions/check-list-append.ts';
export { appendString } from './models/append-string.ts';
export { bank } from './models/bank.ts';
export { counter } from './models/counter.ts';
export { models } from './models/index.ts';
export { fencedLock, mutex } from './models/lock.ts';
export { queue } from './models/queue.ts';
export { casRegister, map, register } from './models/register.ts';
export { set } from './models/set.ts';
export { transactions } from './models/transaction.ts';

/** Histories of transactions are checked by what they do, not against a sequential model. */
export type TransactionModel = 'list-append' | 'rw-register';

/** Consistency levels of single operations; transactions also take the names of `levels`. */
export const consistencies = [
  'linearizable',
  'sequential',
  'causal',
  'causal-convergence',
  'causal-memory',
  'weak-causal',
  'session',
  ...sessionGuarantees,
  'eventual',
] as const;

export interface CheckRequest extends CheckOptions {
  /** Default: linearizable, for transactions strict-serializable. */
  readonly consistency?: string;
  /** For eventual: from when on no update was under way. */
  readonly quiescentAt?: number;
}

/** The consistency cannot be asked of that model, or its name is not known. */
export class ConsistencyError extends Error {}

/**
 * Checks a history against a model. Complexity and source of each checker: README.md. Throws a
 * ConsistencyError when the consistency is unknown or makes no sense for the model.
 */
export function check<State, Input, Output>(
  history: History<Input, Output>,
  model: Model<State, Input, Output> | TransactionModel,
  request: CheckRequest = {},
): CheckResult {
  if (model === 'list-append' || model === 'rw-register') {
    return checkTransactions(history, model, request);
  }
  const { consistency = 'linearizable' } = request;
  const any = model as Model;
  switch (consistency) {
    case 'linearizable':
      return checkLinearizable(history, any, request);
    case 'sequential':
      return checkSequential(history, any, request);
    default:
  }
  if (any.access === undefined && (consistencies as readonly string[]).includes(consistency)) {
    throw new ConsistencyError(
      `${consistency} can be told of registers only, not of ${any.name}: ` +
        'expected linearizable or sequential',
    );
  }
  switch (consistency) {
    case 'causal':
    case 'causal-convergence':
      return checkCausal(history, any, 'CCv', request);
    case 'causal-memory':
      return checkCausal(history, any, 'CM', request);
    case 'weak-causal':
      return checkCausal(history, any, 'CC', request);
    case 'session':
      return checkSession(history, any, sessionGuarantees, request);
    case 'eventual':
      return checkConvergence(history, any, request);
    default:
  }
  if (!(sessionGuarantees as readonly string[]).includes(consistency)) {
    throw new ConsistencyError(`${consistency}: expected one of ${consistencies.join(', ')}`);
  }
  return checkSession(history, any, [consistency as SessionGuarantee], request);
}

/** What single operations call linearizable, transactions call strictly serializable. */
const sameForTransactions: Readonly<Record<string, string>> = {
  linearizable: 'strict-serializable',
  sequential: 'strong-session-serializable',
};

function checkTransactions(
  history: History,
  model: TransactionModel,
  request: CheckRequest,
): CheckResult {
  const asked = request.consistency ?? 'strict-serializable';
  if (model === 'rw-register') {
    if (asked === 'causal' || asked === 'causal-convergence')
      return checkCausal(history, null, 'CCv', request);
    if (asked === 'causal-memory') return checkCausal(history, null, 'CM', request);
    if (asked === 'weak-causal') return checkCausal(history, null, 'CC', request);
    if (asked === 'session') return checkSession(history, null, sessionGuarantees, request);
  }
  const level = sameForTransactions[asked] ?? asked;
  const known = levels.filter(({ name }) => model === 'list-append' || !/read-/.test(name));
  if (!known.some(({ name }) => name === level) && level !== 'strong-serializable') {
    const names = known.map(({ name }) => name).join(', ');
    throw new ConsistencyError(`${asked}: expected one of ${names} for ${model}`);
  }
  const options = { ...request, level };
  return model === 'list-append'
    ? checkListAppend(history, options)
    : checkRwRegister(history, options);
}
