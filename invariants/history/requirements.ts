/** The consistency levels of the specification, each as a check of what clients saw in a run. */
import type { ClientHistory } from '../../sim/history/recorder.ts';
import { inModelWords } from '../../sim/history/translate.ts';
import type { History } from '../../sim/history/operation.ts';
import type { OperationsConfig } from '../../sim/history/workload.ts';
import { checkCausal } from './causal/check.ts';
import { checkConvergence } from './convergence.ts';
import { checkLinearizable } from './linearizable/check.ts';
import type { Model } from './model.ts';
import { models } from './models/index.ts';
import type { CheckOptions, CheckResult } from './result.ts';
import { checkSequential } from './sequential/check.ts';
import { checkSession, type SessionGuarantee } from './session.ts';
import { checkListAppend } from './transactions/check-list-append.ts';

export type OperationsKind = OperationsConfig['kind'];

interface RequirementOptions extends CheckOptions {
  /** For `eventual`: what the protocol asks for before replicas have to agree. */
  readonly settling?: Settling;
}

/** Replicas agree `forUs` after the last update and after `since`. Microseconds of the run. */
export interface Settling {
  /** The last fault; Infinity while one lasts. */
  readonly since: number;
  readonly forUs: number;
}

/** Checks a history of one kind of operations. */
export type Requirement = (
  history: ClientHistory,
  kind: OperationsKind,
  options?: RequirementOptions,
) => CheckResult;

/** The sequential object that a kind of operations talks to; transactions have none. */
const modelNames: Readonly<Record<OperationsKind, string | null>> = {
  register: 'cas-register',
  map: 'map',
  append: 'append-string',
  counter: 'counter',
  'list-append': null,
  bank: 'bank',
};

/** The model for operations of this kind; null for transactions. */
export function modelOf(kind: OperationsKind): Model | null {
  const name = modelNames[kind];
  return name === null ? null : (models[name]?.() ?? null);
}

/** Every operation seems to happen at one instant between its call and its answer. */
export const linearizable: Requirement = (history, kind, options = {}) => {
  const words = inModelWords(history, kind);
  const model = modelOf(kind);
  if (model !== null) return checkLinearizable(words, model, options);
  return checkListAppend(words, { ...options, level: 'strict-serializable' });
};

/** All clients' operations fit one order that keeps each client's own. */
export const sequential: Requirement = (history, kind, options = {}) => {
  const words = inModelWords(history, kind);
  const model = modelOf(kind);
  if (model !== null) return checkSequential(words, model, options);
  return checkListAppend(words, { ...options, level: 'strong-session-serializable' });
};

/**
 * Transactions keep this isolation level. Operations on one object have no weaker ones in between:
 * they have to be linearizable.
 */
export function isolation(level: string): Requirement {
  return (history, kind, options = {}) => {
    const model = modelOf(kind);
    const words = inModelWords(history, kind);
    if (model !== null) return checkLinearizable(words, model, options);
    return checkListAppend(words, { ...options, level });
  };
}

/** Whatever may have caused an operation is seen before it. */
export const causal: Requirement = (history, kind, options = {}) =>
  checkCausal(inModelWords(history, kind), modelOf(kind), 'CM', options);

/** Once nothing is written any more, and replicas have had their time, all reads of a key agree. */
export const eventual: Requirement = (history, kind, { settling, ...options } = {}) => {
  const words = inModelWords(history, kind);
  const model = modelOf(kind);
  const base = { algorithm: 'final reads', operations: history.length, configurations: 0 };
  if (model === null) {
    return { ...base, verdict: 'unknown', exhausted: 'the kind: transactions have no final reads' };
  }
  const updatedAt = lastUpdate(words);
  if (updatedAt === null) return checkConvergence(words, model, options);
  const { since, forUs } = settling ?? { since: 0, forUs: 0 };
  return checkConvergence(words, model, {
    ...options,
    quiescentAt: Math.max(updatedAt, since) + forUs,
  });
};

/** One of the guarantees of a session, or several. */
export function session(...guarantees: readonly SessionGuarantee[]): Requirement {
  return (history, kind, options = {}) =>
    checkSession(inModelWords(history, kind), modelOf(kind), guarantees, options);
}

/** When the last operation ended that was not a mere read; null while one may be under way. */
function lastUpdate(history: History<object>): number | null {
  let last = 0;
  for (const { input, outcome, completedAt } of history) {
    const { type } = input as { readonly type: string };
    if (type === 'read' || type === 'get' || type === 'balances' || outcome === 'fail') continue;
    if (completedAt === null) return null;
    last = Math.max(last, completedAt);
  }
  return last + 1;
}
