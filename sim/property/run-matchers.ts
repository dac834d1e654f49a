/** Matchers for vitest: `expect(run).toHold()`, `expect(run).toViolate('raft/log-matching')`. */
import type { Violation } from '../engine/index.ts';

/** A schedule, a generated scenario, a `ScenarioRun`, or a violation in an object of your own. */
interface Ended {
  readonly violation: Violation | null;
  toString?(): string;
}

interface RunMatchers<Result> {
  /** Nothing is violated; with an id: that invariant is not. */
  toHold(invariant?: string): Result;
  /** Something is violated; with an id: that invariant is. */
  toViolate(invariant?: string): Result;
}

declare module 'vitest' {
  // oxlint-disable-next-line no-unused-vars -- vitest declares the parameter; it must be the same
  interface Matchers<T> extends RunMatchers<void> {}
}

/** For `expect.extend(runMatchers)`, once, in a setup file or at the top of a test. */
export const runMatchers = {
  toHold: (run: Ended, invariant?: string) => {
    const violated = isViolated(run, invariant);
    return { pass: !violated, message: () => said(run, invariant ?? 'every invariant', 'hold') };
  },
  toViolate: (run: Ended, invariant?: string) => {
    const pass = isViolated(run, invariant);
    return { pass, message: () => said(run, invariant ?? 'an invariant', 'violate') };
  },
};

function isViolated({ violation }: Ended, invariant?: string): boolean {
  return violation !== null && (invariant === undefined || violation.invariant === invariant);
}

function said(run: Ended, what: string, verb: 'hold' | 'violate'): string {
  const asked = verb === 'hold' ? `${what} to hold` : `${what} to be violated`;
  const { violation } = run;
  if (violation === null) return `Expected ${asked}, or not to; nothing is violated.`;
  const facts = violation.facts.map(({ text }) => `  ${text}`);
  const head = `Asked was ${asked}. ${violation.invariant} is violated: ${violation.message}`;
  // A schedule and a scenario tell their steps.
  const text = run.toString?.() ?? '';
  const steps = text.startsWith('[object') ? '' : text;
  return [head, ...facts, steps].filter((line) => line !== '').join('\n');
}
