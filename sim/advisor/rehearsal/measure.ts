/** One run of a rehearsal, measured: what its clients had of it. */
import type { Command, Observer, SendRecord } from '../../engine/index.ts';
import { Recorder } from '../../history/recorder.ts';
import type { ClientHistory } from '../../history/recorder.ts';
import type { Prepared } from '../../scenario/index.ts';
import { runScenario, type RunObserver } from '../../trace/run-scenario.ts';

/** A success: when its client first asked, and when it had the answer, in milliseconds. */
export interface Served {
  readonly invokedMs: number;
  readonly answeredMs: number;
}

export interface Measured {
  /** In the order of their answers. */
  readonly served: readonly Served[];
  /** Successes that did more than read. */
  readonly updates: number;
  /** Operations that ended without success, or had not ended. */
  readonly unserved: number;
  /** Messages between nodes. */
  readonly messages: number;
  /** Faults that found somebody to happen to. */
  readonly faults: number;
  readonly endMs: number;
  readonly events: number;
  readonly verdicts: readonly { readonly id: string; readonly outcome: string }[];
  /** What the violated invariant says; null: none is violated. */
  readonly violation: string | null;
}

/** Runs to the end; it must be freshly prepared, with a recorder. */
export function measure(prepared: Prepared, more: readonly RunObserver[] = []): Measured {
  const { nodes } = prepared.world;
  let messages = 0;
  let faults = 0;
  const counter: Observer = {
    afterEvent() {},
    onSend({ from, to }: SendRecord) {
      if (from < nodes && to < nodes) messages++;
    },
    onFault() {
      faults++;
    },
  };
  const { verdicts, virtualUs, events, violation } = runScenario(prepared, {
    observers: [counter, ...more],
  });
  const history = historyOf(prepared);
  const served = servedOf(history);
  return {
    served,
    updates: history.filter(({ outcome, input }) => outcome === 'ok' && !isRead(input)).length,
    unserved: history.length - served.length,
    messages,
    faults,
    endMs: virtualUs / 1000,
    events,
    verdicts,
    violation: violation === null ? null : `${violation.invariant}: ${violation.message}`,
  };
}

function isRead({ type, ops }: Command): boolean {
  if (type !== 'txn') return type === 'get' || type === 'balances';
  return Array.isArray(ops) && ops.every((step) => Array.isArray(step) && step[0] === 'r');
}

function historyOf({ world }: Prepared): ClientHistory {
  const history = world.clients?.history;
  return history instanceof Recorder ? history.history() : [];
}

function servedOf(history: ClientHistory): Served[] {
  return history
    .flatMap(({ outcome, invokedAt, completedAt }) =>
      outcome === 'ok' && completedAt !== null
        ? [{ invokedMs: invokedAt / 1000, answeredMs: completedAt / 1000 }]
        : [],
    )
    .toSorted((a, b) => a.answeredMs - b.answeredMs);
}

/** The smallest value that at least this share of them does not exceed; null for none. */
export function percentile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}

/** A time in which nobody had an answer, in milliseconds. */
export interface Gap {
  readonly from: number;
  readonly to: number;
}

/** The pauses between one success and the next, and from the last one to the end. */
export function gapsOf({ served, endMs }: Measured): Gap[] {
  return served.map(({ answeredMs }, i) => ({
    from: answeredMs,
    to: served[i + 1]?.answeredMs ?? endMs,
  }));
}

/**
 * The share of the time, from the first success on, in which the service was not interrupted: no
 * pause longer than `patienceMs`. 0 when there was no success.
 */
export function availability(measured: Measured, patienceMs: number): number {
  const gaps = gapsOf(measured);
  const total = gaps.reduce((sum, { from, to }) => sum + to - from, 0);
  if (total <= 0) return 0;
  const lost = gaps
    .map(({ from, to }) => to - from)
    .filter((length) => length > patienceMs)
    .reduce((sum, length) => sum + length, 0);
  return 1 - lost / total;
}

/** The longest pause that touches a time; 0: there was none. */
export function longestPause(measured: Measured, from: number, to: number): number {
  const touching = gapsOf(measured).filter((gap) => gap.to > from && gap.from < to);
  return Math.max(0, ...touching.map((gap) => gap.to - gap.from));
}

/** Operations that began and succeeded within a time. */
export function servedWithin({ served }: Measured, from: number, to: number): number {
  return served.filter(({ invokedMs, answeredMs }) => invokedMs >= from && answeredMs <= to).length;
}
