/** A rehearsal for machines, in the style of the specification's output. */
import { verdictOf, type Figures, type Rehearsal } from '../advisor/index.ts';

/** See the help of `schism advise`. */
export function rehearsalJson(rehearsal: Rehearsal): object {
  if (!rehearsal.possible) {
    const { protocol, possible, why } = rehearsal;
    return { protocol, possible, outcome: verdictOf(rehearsal), why };
  }
  const { protocol, possible, runs, seed, steady, failures, untried } = rehearsal;
  return {
    protocol,
    possible,
    outcome: verdictOf(rehearsal),
    runs,
    seed,
    steady: { ...figures(steady), consistency: steady.consistency },
    failure_scenarios: failures.map((failure) => ({
      scenario: failure.scenario,
      promise: failure.promise,
      recovered: failure.recovered,
      failover_ms: failure.failoverMs,
      problem: failure.problem,
      ...figures(failure),
      consistency: failure.consistency,
    })),
    untried,
  };
}

function figures(of: Figures): object {
  return {
    operations: of.operations,
    unserved: of.unserved,
    commit_latency_ms: of.commitLatencyMs,
    availability: digits(of.availability, 5),
    messages_per_operation:
      of.messagesPerOperation === null ? null : digits(of.messagesPerOperation, 2),
  };
}

function digits(value: number, count: number): number {
  return Number(value.toFixed(count));
}
