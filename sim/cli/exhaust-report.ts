/** The result of an exhaustive search, for people and for machines. */
import { mayViolate } from '../scenario/judge.ts';
import type { ExhaustResult } from './exhaust-command.ts';
import { failureText } from './failure.ts';
import { commands, number, table } from './search-report.ts';
import { expectsViolation } from './search-plan.ts';
import type { SearchFlags } from './search.ts';
import type { Session } from './session.ts';
import { count } from './story/words.ts';

export function printExhaustion(result: ExhaustResult, flags: SearchFlags, session: Session): void {
  const { io } = session;
  if (flags.json === true) {
    io.print(`${JSON.stringify(exhaustionJson(result))}\n`);
    return;
  }
  io.print(violationText(result, session));
  io.print(`${verdict(result, session)}\n\n${explored(result)}`);
  if (result.hit !== null) io.print(`\n${commands(result.hit, session)}`);
}

/** Whether the beginning was all there was, as where only signed requests are taken. */
export function isIdle({ distinct }: ExhaustResult['exploration']): boolean {
  return distinct <= 1;
}

/** See the help of `schism search`. */
function exhaustionJson({ plan, exploration, violated, hit, falseClaim }: ExhaustResult): object {
  const { bounds, reason, distinct, generated, depth, violation } = exploration;
  const outcome = violated !== null ? 'violated' : reason === 'complete' ? 'none' : reason;
  return {
    scenario: plan.file,
    outcome,
    bounds,
    distinct,
    generated,
    depth,
    notAsked: plan.notAsked,
    falseClaim,
    found:
      violated === null
        ? null
        : {
            invariant: violated,
            expected: isExpected(plan, violated),
            actions: violation?.path.length ?? 0,
            steps: violation?.steps ?? [],
            scenario: hit?.paths?.scenario ?? null,
            trace: hit?.paths?.trace ?? null,
          },
  };
}

function isExpected({ subject, seed }: ExhaustResult['plan'], violated: string): boolean {
  return mayViolate(subject.prepare(seed).expectation, violated);
}

function violationText(result: ExhaustResult, session: Session): string {
  const { plan, exploration, violated, hit } = result;
  const { violation } = exploration;
  if (violated === null || violation === null) return '';
  const least =
    `  A shortest path: ${count(violation.path.length, 'action')}; ` +
    'none with fewer leads to a violation\n\n';
  if (hit?.kept !== null && hit !== null) {
    return `${failureText(hit.kept.trace, isExpected(plan, violated), session)}\n${least}`;
  }
  const steps = violation.steps.map((step) => `    ${step}\n`).join('');
  const why = '  No trace: the draws of the protocol in a run of its own are others\n';
  return `  ${violated} violated\n${steps}\n${least}${why}\n`;
}

function verdict({ plan, exploration, violated }: ExhaustResult, { paint }: Session): string {
  if (violated !== null) {
    return isExpected(plan, violated)
      ? `${paint.good(`${paint.yes} passed`)}: ${violated} is violated, as the scenario expects`
      : `${paint.bad(`${paint.no} failed`)}: ${violated} is violated`;
  }
  const open = (why: string) => paint.warn(`${paint.open} ${why}`);
  if (exploration.reason !== 'complete') {
    const why = exploration.reason === 'states' ? 'inconclusive' : 'interrupted';
    return `${open(why)}: no violation so far, but not everything within the bounds was explored`;
  }
  if (isIdle(exploration)) {
    return open('inconclusive: nothing can happen within these bounds, so nothing is shown');
  }
  const nothing = 'no violation within these bounds';
  return expectsViolation(plan)
    ? `${open('inconclusive')}: ${nothing}, and the scenario expects one`
    : `${paint.good(paint.yes)} ${nothing}`;
}

function explored({ plan, exploration, falseClaim }: ExhaustResult): string {
  const { bounds, reason, distinct, generated, depth } = exploration;
  const whole = reason === 'complete' ? 'completely' : 'not to the end';
  const { faults: own, random_faults: random } = plan.subject.scenario;
  const hasFaults = own.length > 0 || random !== undefined;
  const faults = hasFaults ? "the scenario's own faults (and whoever lies in them); " : '';
  const rows: (readonly [string, string])[] = [
    [
      'Explored',
      `${number(distinct)} distinct states of ${number(generated)} generated, depth ${depth}, ` +
        whole,
    ],
    ['Bounds', bounds],
    [
      'Not tried',
      'time: clocks stand still and every draw is the least; clients with retries; ' +
        `${faults}more than the bounds`,
    ],
  ];
  if (plan.notAsked.length > 0) rows.push(['Not asked', `${plan.notAsked.join(', ')}: need time`]);
  if (falseClaim !== null) {
    const first = 'first without messages that the protocol calls inert, but ';
    rows.push(['Twice', `${first}${falseClaim}`]);
  }
  return table(rows);
}
