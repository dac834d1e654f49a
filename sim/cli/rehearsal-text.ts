/** A rehearsal for people. */
import { verdictOf, type Consistency, type Figures, type Rehearsal } from '../advisor/index.ts';
import { wrapper } from './advise-text.ts';
import type { Session } from './session.ts';
import { count } from './story/words.ts';

export function rehearsalText(rehearsal: Rehearsal, session: Session): string {
  const { paint } = session;
  const wrap = wrapper(session);
  if (!rehearsal.possible) {
    return `${paint.bold('Rehearsal')}\n${wrap(`  ${paint.warn(paint.open)} `, rehearsal.why)}`;
  }
  const { protocol, runs, seed, steady, failures, untried } = rehearsal;
  const head = `  ${protocol}, ${count(runs, 'run')} of each scenario, seed ${seed}\n`;
  const rows = failures.flatMap((failure) => {
    const { recovered, failoverMs, problem, promise, scenario } = failure;
    const outcome =
      failoverMs === null
        ? (problem ?? '')
        : promise === 'goes on'
          ? `went on after a pause of ${failoverMs} ms at most`
          : `stopped, and went on ${failoverMs} ms at most after its end`;
    return [
      wrap(`  ${sign(recovered, session)} `, scenario),
      wrap('      ', outcome),
      wrap('      ', paint.dim(figuresText(failure))),
      consistencyText(failure.consistency, session),
    ];
  });
  return [
    `${paint.bold('Rehearsal')}${paint.dim(head)}`,
    wrap(`  ${sign(steady.operations > 0, session)} `, 'under the assumptions about the network'),
    wrap('      ', paint.dim(figuresText(steady))),
    consistencyText(steady.consistency, session),
    ...rows,
    ...untried.map((scenario) => wrap(`  ${sign(null, session)} `, `${scenario}: not rehearsed`)),
    `\n${verdictText(rehearsal, session)}`,
  ].join('');
}

function figuresText(of: Figures): string {
  const { p50, p99 } = of.commitLatencyMs;
  if (p50 === null) return 'no operation succeeded';
  return [
    count(of.operations, 'operation'),
    `p50 ${p50} ms`,
    `p99 ${p99} ms`,
    `available ${percent(of.availability)}`,
    `${(of.messagesPerOperation ?? 0).toFixed(1)} messages an operation`,
  ].join(' · ');
}

/** Three digits behind the point, so that 99.999 % and 100 % differ. */
function percent(share: number): string {
  return `${Number((100 * share).toFixed(3))} %`;
}

function consistencyText(consistency: Consistency, session: Session): string {
  const { held, promised, violation, invariants } = consistency;
  const text =
    violation ??
    (held === null
      ? `${promised}: not put to the test`
      : `${promised}, as promised; ${count(invariants, 'invariant')} held`);
  return wrapper(session)(`      ${sign(held, session)} `, text);
}

function verdictText(rehearsal: Rehearsal, { paint }: Session): string {
  switch (verdictOf(rehearsal)) {
    case 'passed':
      return `${paint.good(`${paint.yes} passed`)}: every promise was kept\n`;
    case 'failed':
      return `${paint.bad(`${paint.no} failed`)}: a promise was not kept\n`;
    case 'inconclusive':
      return `${paint.warn(`${paint.open} inconclusive`)}: a promise was not put to the test\n`;
  }
}

function sign(good: boolean | null, { paint }: Session): string {
  if (good === null) return paint.warn(paint.open);
  return good ? paint.good(paint.yes) : paint.bad(paint.no);
}
