/** The verdict of every invariant, and the one sentence that sums them up. */
import { mayViolate } from '../scenario/judge.ts';
import type { Outcome } from './run-one.ts';
import type { Session } from './session.ts';
import { count, list, ms } from './story/words.ts';

/** One line for each: how it ended, its id, its sentence. */
export function verdictTable({ prepared, run }: Outcome, { io, paint }: Session): string {
  const { invariants } = prepared.world;
  const width = Math.max(0, ...run.verdicts.map(({ id }) => id.length));
  const room = io.out.isTty ? Math.max(20, io.out.columns - width - 16) : Infinity;
  const signs = {
    holds: paint.good(paint.yes),
    violated: paint.bad(paint.no),
    unknown: paint.warn(paint.open),
  };
  const lines = run.verdicts.map(({ id, outcome }) => {
    const title = invariants.find((invariant) => invariant.id === id)?.title ?? '';
    const text = title.length > room ? `${title.slice(0, room - 1)}…` : title;
    const words = { holds: 'holds', violated: 'violated', unknown: 'untested' }[outcome];
    return `  ${signs[outcome]} ${words.padEnd(8)}  ${id.padEnd(width)}  ${paint.dim(text)}`;
  });
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}

/** `✓ passed: all 13 invariants hold` */
export function verdictLine(outcome: Outcome, { paint }: Session): string {
  const why = reasonOf(outcome);
  switch (outcome.outcome) {
    case 'passed':
      return `${paint.good(`${paint.yes} passed`)}: ${why}`;
    case 'failed':
      return `${paint.bad(`${paint.no} failed`)}: ${why}`;
    default:
      return `${paint.warn(`${paint.open} ${outcome.outcome}`)}: ${why}`;
  }
}

function reasonOf({ outcome, run, prepared }: Outcome): string {
  const { verdicts, events, virtualUs, violation } = run;
  const ids = (word: string) =>
    verdicts.filter((verdict) => verdict.outcome === word).map(({ id }) => id);
  switch (outcome) {
    case 'passed':
      if (violation === null) return holding(ids('holds').length, ids('unknown').length);
      return `${violation.invariant} is violated, as the scenario expects`;
    case 'failed': {
      const id = violation?.invariant;
      if (id !== undefined && !mayViolate(prepared.expectation, id)) return `${id} is violated`;
      return `the scenario expects ${expected(prepared.expectation)} to be violated, and it is not`;
    }
    case 'inconclusive':
      return run.reason === 'events'
        ? `after ${count(events, 'event')} (max_events) ${list(ids('unknown'))} is still untested`
        : `the run ended before ${list(ids('unknown'))} was put to the test`;
    case 'interrupted':
      return `after ${count(events, 'event')}, at ${ms(virtualUs)}; nothing of this is final`;
    case 'unusable':
      return 'its schedule cannot be performed';
  }
}

function holding(holds: number, open: number): string {
  if (holds + open === 0) return 'nothing was to be checked';
  const untested = open === 0 ? '' : `, ${open} ${open === 1 ? 'was' : 'were'} not put to the test`;
  if (holds === 1) return `1 invariant holds${untested}`;
  return `${open === 0 ? 'all ' : ''}${holds} invariants hold${untested}`;
}

function expected(expectation: Outcome['prepared']['expectation']): string {
  if (expectation.type === 'all') return 'an invariant';
  const named = [...expectation.of].filter(([, outcome]) => outcome === 'violates');
  return list(named.map(([id]) => id));
}
