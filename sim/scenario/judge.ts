/** Compares how invariants ended with what a scenario expects of them. */
import type { Expectation } from './prepare.ts';

/** How one invariant ended; `unknown`: the run was over before it could say. */
export interface Judged {
  readonly id: string;
  readonly outcome: 'holds' | 'violated' | 'unknown';
}

/**
 * `passed`: everything is as expected. `failed`: an invariant is violated that had to hold, or one
 * held that had to be violated. `inconclusive`: the run ended before it could be told.
 */
export type Judgement = 'passed' | 'failed' | 'inconclusive';

/**
 * Judges a run. `complete`: it was neither interrupted nor out of events, so that what did not
 * happen in it does not happen. A run ends at its first violation: what was expected beside that
 * one stays open.
 */
export function judge(
  expectation: Expectation,
  verdicts: readonly Judged[],
  complete: boolean,
): Judgement {
  const violated = verdicts.filter(({ outcome }) => outcome === 'violated');
  const isExpected = ({ id }: Judged) => mayViolate(expectation, id);
  if (!violated.every(isExpected)) return 'failed';
  const missing = mustViolate(expectation, verdicts).filter((id) =>
    violated.every((verdict) => verdict.id !== id),
  );
  const isOver = violated.length > 0;
  if (expectation.type === 'all' && isOver) return 'passed';
  if (missing.length > 0) return complete && !isOver ? 'failed' : 'inconclusive';
  if (isOver) return 'passed';
  // A run that took its time need not test everything, only what the scenario names.
  const isRequired = ({ id }: Judged) =>
    !complete || (expectation.type === 'each' && expectation.of.has(id));
  const isOpen = verdicts.some((verdict) => verdict.outcome === 'unknown' && isRequired(verdict));
  return isOpen ? 'inconclusive' : 'passed';
}

/** Whether the scenario expects a violation of this invariant. */
export function mayViolate(expectation: Expectation, id: string): boolean {
  if (expectation.type === 'all') return expectation.outcome === 'violates';
  return expectation.of.get(id) === 'violates';
}

/** Names what has to be violated; of "some invariant" no name is known. */
function mustViolate(expectation: Expectation, verdicts: readonly Judged[]): string[] {
  if (expectation.type === 'all') {
    return expectation.outcome === 'violates' ? ['some invariant'] : [];
  }
  const named = [...expectation.of].filter(([, outcome]) => outcome === 'violates');
  const known = new Set(verdicts.map(({ id }) => id));
  return named.map(([id]) => id).filter((id) => known.has(id));
}
