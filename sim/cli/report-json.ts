/** The result of a run for machines. */
import type { Outcome } from './run-one.ts';

/** See the help of `schism run`. */
export function jsonOf({ plan, run, outcome }: Outcome): object {
  const { violation } = run;
  return {
    scenario: plan.file,
    outcome,
    seed: plan.seed,
    events: run.events,
    virtualMs: run.virtualUs / 1000,
    hash: run.hash,
    trace: plan.trace?.path ?? null,
    invariants: run.verdicts.map(({ id, outcome: verdict }) => ({ id, outcome: verdict })),
    violation:
      violation === null
        ? null
        : {
            invariant: violation.invariant,
            message: violation.message,
            event: violation.event,
            virtualMs: violation.at / 1000,
            node: violation.node,
            facts: violation.facts,
          },
  };
}
