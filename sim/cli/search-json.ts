/** The result of a search for machines. */
import type { SearchResult } from './search-command.ts';
import type { Hit } from './search-hit.ts';

/** See the help of `schism search`. */
export function searchJson({ plan, ledger, fastCheck, isInterrupted, hit }: SearchResult): object {
  const none = isInterrupted ? 'interrupted' : 'none';
  return {
    scenario: plan.file,
    outcome: hit === null ? none : 'violated',
    seed: plan.seed,
    runs: ledger.runs,
    events: ledger.events,
    states: ledger.states.size,
    arms: Object.fromEntries(ledger.arms),
    probes: Object.fromEntries(ledger.probes),
    fastCheck,
    lost: ledger.lost,
    found: hit === null ? null : hitJson(hit),
  };
}

function hitJson({ found, isExpected, shrunk, paths }: Hit): object {
  const { violation, run, arm, steps } = found;
  return {
    run,
    strategy: arm,
    invariant: violation.invariant,
    message: (shrunk ?? found).violation.message,
    expected: isExpected,
    events: steps.length,
    shrunkEvents: shrunk?.steps.length ?? null,
    minimal: shrunk?.isMinimal ?? false,
    replays: shrunk?.replays ?? 0,
    scenario: paths?.scenario ?? null,
    trace: paths?.trace ?? null,
  };
}
