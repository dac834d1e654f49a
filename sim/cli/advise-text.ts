/** A recommendation for people. */
import { outputOf, type Advice } from '../advisor/index.ts';
import type { Session } from './session.ts';
import { count, list } from './story/words.ts';

export function adviceText(file: string, advice: Advice, session: Session): string {
  const { paint } = session;
  const { situation } = advice;
  const { protocol, configuration, failure_scenarios: failures } = outputOf(advice);
  const wrap = wrapper(session);
  const regions = situation.regions.length > 1 ? ` in ${list(situation.regions)}` : '';
  const lies = situation.byzantine ? 'lie' : 'fail';
  const head = [
    file,
    situation.problem.replace('_', ' '),
    `${count(situation.nodes, 'node')}${regions}, ${situation.failures} may ${lies}`,
    situation.consistency,
    `${situation.latencyMs} ms`,
  ].join(' · ');
  const values = Object.entries(configuration).map(
    ([name, value]) => `  ${name.padEnd(12)}  ${value}\n`,
  );
  const scenarios = failures.flatMap(({ scenario, behavior, recovery }) => [
    wrap('  ', scenario),
    wrap(paint.dim('    behavior  '), behavior),
    wrap(paint.dim('    recovery  '), recovery),
  ]);
  return [
    `${paint.bold(head)}\n\n`,
    `${paint.bold('Protocol')}  ${paint.good(protocol.name)}\n`,
    wrap('  ', protocol.description),
    wrap(paint.dim('  guarantee: '), protocol.correctness_guarantee),
    `\n${paint.bold('Configuration')}\n`,
    ...values,
    `\n${paint.bold('Failure scenarios')}\n`,
    ...scenarios,
    `\n${paint.bold('Why')}\n`,
    ...advice.rationale.flatMap(({ rule, decides, because, source }) => [
      `  ${rule}${paint.dim(` (${decides})`)}\n`,
      wrap('    ', because),
      wrap(paint.dim('    source: '), paint.dim(source)),
    ]),
  ].join('');
}

/** Breaks a text behind a lead-in into lines that fit; the following ones are indented as far. */
export function wrapper({ io }: Session): (lead: string, text: string) => string {
  const room = io.out.isTty ? Math.min(io.out.columns, 100) : 100;
  return (lead, text) => {
    // oxlint-disable-next-line no-control-regex -- colours take no room
    const width = lead.replaceAll(/\u001b\[\d+m/g, '').length;
    const lines: string[] = [];
    let line = '';
    for (const word of text.split(' ')) {
      if (line !== '' && width + line.length + 1 + word.length > room) {
        lines.push(line);
        line = word;
      } else line = line === '' ? word : `${line} ${word}`;
    }
    lines.push(line);
    const [first = '', ...rest] = lines;
    return [`${lead}${first}\n`, ...rest.map((more) => `${' '.repeat(width)}${more}\n`)].join('');
  };
}
