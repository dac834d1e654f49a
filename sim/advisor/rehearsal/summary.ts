/** Several runs of one scenario, summed up: figures, recovery, consistency. */
import { catalogue } from '../../registry/index.ts';
import type { Advice } from '../advise.ts';
import type { Trial } from '../trial.ts';
import { availability, longestPause, percentile, servedWithin } from './measure.ts';
import type { Measured } from './measure.ts';
import { patienceMs, type Stage, type Times } from './stage.ts';

export interface Figures {
  /** Successes. */
  readonly operations: number;
  readonly unserved: number;
  /** From a client's first try to its answer; null: no operation succeeded. */
  readonly commitLatencyMs: { readonly p50: number | null; readonly p99: number | null };
  /** See `availability`; the mean of the runs. */
  readonly availability: number;
  /** Messages between nodes for each success, heartbeats included; null: there was none. */
  readonly messagesPerOperation: number | null;
}

export function figuresOf(runs: readonly Measured[], advice: Advice): Figures {
  const served = runs.flatMap((run) => run.served);
  const latencies = served.map(({ invokedMs, answeredMs }) => answeredMs - invokedMs);
  const messages = sum(runs.map((run) => run.messages));
  const patience = patienceMs(advice);
  return {
    operations: served.length,
    unserved: sum(runs.map((run) => run.unserved)),
    commitLatencyMs: {
      p50: rounded(percentile(latencies, 0.5)),
      p99: rounded(percentile(latencies, 0.99)),
    },
    availability: sum(runs.map((run) => availability(run, patience))) / runs.length,
    messagesPerOperation: served.length === 0 ? null : messages / served.length,
  };
}

export interface Recovery {
  /** Whether in every run it went as promised; null: in one of them the fault met nobody. */
  readonly recovered: boolean | null;
  /**
   * The longest pause of the service while the fault lasted or, where the promise is that it stops,
   * from the end of the fault to the first operation served after it. The longest of all runs;
   * null: it did not recover.
   */
  readonly failoverMs: number | null;
  /** What went otherwise; null: nothing. */
  readonly problem: string | null;
}

export function recoveryOf(runs: readonly Measured[], trial: Trial, times: Times): Recovery {
  const problems = runs.map((run) => problemOf(run, trial, times));
  const problem = problems.find((text) => text !== null) ?? null;
  if (runs.some((run) => run.faults < 2 * trial.faults.length)) {
    const why = 'the fault found nobody to happen to: there was no leader yet';
    return { recovered: null, failoverMs: null, problem: why };
  }
  if (problem !== null) return { recovered: false, failoverMs: null, problem };
  return {
    recovered: true,
    failoverMs: rounded(Math.max(...runs.map((run) => failover(run, trial, times)))),
    problem: null,
  };
}

/** In the last third of a time whoever has recovered serves. */
function lastThird(from: number, to: number): number {
  return to - (to - from) / 3;
}

function problemOf(run: Measured, { promise }: Trial, { from, to, end }: Times): string | null {
  if (run.violation !== null) return run.violation;
  const during = servedWithin(run, from, to);
  if (promise === 'stops' && during > 0) {
    return `${during} operations were served while nobody should have been able to`;
  }
  if (promise === 'goes on' && servedWithin(run, lastThird(from, to), to) === 0) {
    return 'nobody was served in the last third of the time in which the fault lasted';
  }
  if (servedWithin(run, lastThird(to, end), end) === 0) {
    return 'nobody was served any more after the fault';
  }
  return null;
}

function failover(run: Measured, { promise }: Trial, { from, to }: Times): number {
  if (promise === 'goes on') return longestPause(run, from, to);
  const next = run.served.find(({ answeredMs }) => answeredMs > to);
  return next === undefined ? Infinity : next.answeredMs - to;
}

export interface Consistency {
  /** What the protocol promises to its clients. */
  readonly promised: string;
  /** Whether that, and every other invariant, held in all runs; null: it was not tested. */
  readonly held: boolean | null;
  /** What the first violated invariant says; null: none is violated. */
  readonly violation: string | null;
  /** How many invariants held in all runs. */
  readonly invariants: number;
}

export function consistencyOf(runs: readonly Measured[], stage: Stage): Consistency {
  const promised =
    stage.level ?? catalogue.protocols.get(stage.protocol)?.consistency ?? 'eventual';
  const { proof = [`history/${promised}`] } = stage;
  const violation = runs.find((run) => run.violation !== null)?.violation ?? null;
  const verdicts = runs.map((run) => run.verdicts);
  const holds = (id: string) =>
    verdicts.every((all) => all.some((one) => one.id === id && one.outcome === 'holds'));
  const ids = (verdicts[0] ?? []).map(({ id }) => id);
  const isTested = proof.every(holds);
  return {
    promised,
    held: violation !== null ? false : isTested ? true : null,
    violation,
    invariants: ids.filter(holds).length,
  };
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 10) / 10;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
