/** Matchers for vitest: `expect(history).toBeLinearizable(casRegister())` and its like. */
import { type CheckResult, type Model, check } from '../../invariants/history/index.ts';
import type { TransactionModel } from '../../invariants/history/index.ts';
import type { History } from '../history/operation.ts';
import type { Assertion } from 'vitest';

/** What vitest wants of a matcher. */
interface Outcome {
  readonly pass: boolean;
  message(): string;
}

// Models of any object: their type parameters are invariant, so each call infers its own.
type AnyModel<State, Input, Output> = Model<State, Input, Output> | TransactionModel;

interface HistoryMatchers<Result> {
  /** Holds the history against a model; `unknown` fails, and so does its negation. */
  toBeLinearizable<State, Input, Output>(model: Model<State, Input, Output>): Result;
  toBeSequential<State, Input, Output>(model: Model<State, Input, Output>): Result;
  /** Causal convergence, of reads and unique writes. */
  toBeCausal<State, Input, Output>(model: AnyModel<State, Input, Output>): Result;
  /** Transactions: at any level, default strict-serializable. */
  toBeIsolated(model: TransactionModel, level?: string): Result;
  /** Any consistency by its name. */
  toHaveConsistency<State, Input, Output>(
    model: AnyModel<State, Input, Output>,
    consistency: string,
  ): Result;
}

/** What `expect` of vitest returns, with these matchers. */
export type HistoryAssertion = Assertion<History>;

declare module 'vitest' {
  // oxlint-disable-next-line no-unused-vars -- vitest declares the parameter; it must be the same
  interface Matchers<T> extends HistoryMatchers<void> {}
}

type Checked = Parameters<typeof check>[1];

/** For `expect.extend(historyMatchers)`, once, in a setup file or at the top of a test. */
export const historyMatchers = {
  toBeLinearizable: (history: History, model: Checked) => judge(history, model, 'linearizable'),
  toBeSequential: (history: History, model: Checked) => judge(history, model, 'sequential'),
  toBeCausal: (history: History, model: Checked) => judge(history, model, 'causal'),
  toBeIsolated: (history: History, model: TransactionModel, level = 'strict-serializable') =>
    judge(history, model, level),
  toHaveConsistency: (history: History, model: Checked, consistency: string) =>
    judge(history, model, consistency),
};

function judge(history: History, model: Checked, consistency: string): Outcome {
  const result = check(history, model, { consistency });
  if (result.verdict === 'unknown') {
    // Neither the assertion nor its negation may pass on an unknown.
    throw new Error(`It is unknown whether the history is ${consistency}: ${result.exhausted}.`);
  }
  return {
    pass: result.verdict === 'valid',
    message: () =>
      result.verdict === 'valid'
        ? `The history is ${consistency}, and should not be.`
        : explain(result, consistency),
  };
}

function explain({ counterexample }: CheckResult, consistency: string): string {
  const because = counterexample?.because.map((sentence) => `  ${sentence}`) ?? [];
  return [`The history is not ${consistency}:`, ...because].join('\n');
}
