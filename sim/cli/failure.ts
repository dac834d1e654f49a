/** The block that says what is violated, which facts contradict one another, and why it came so. */
import { cycleOf, explain, labelOf, type Trace, type TraceEvent } from '../trace/index.ts';
import type { Session } from './session.ts';
import { ms } from './story/words.ts';

/** Events of the chain that are shown; `schism explain` shows all. */
const SHOWN = 12;

/** Empty when nothing is violated. `isWanted`: the scenario expects it, so it is no alarm. */
export function failureText(trace: Trace, isWanted: boolean, { paint, io }: Session): string {
  const found = explain(trace);
  if (found === null) return '';
  const { violation, causes, chain } = found;
  const { events } = trace;
  const alarm = isWanted ? paint.bold : paint.bad;
  const where = violation.node === null ? '' : ` (${violation.node})`;
  const marks = new Map<number, string>([[violation.event, 'here']]);
  const facts = violation.facts.map(({ text, event: index }, i) => {
    const event = index === undefined ? undefined : events[index];
    if (event !== undefined) marks.set(event.index, `fact ${i + 1}`);
    const when = event === undefined ? '' : `  (event ${event.index}, ${ms(event.at)})`;
    return `    ${i + 1}  ${text}${when}`;
  });
  const shown = chain.slice(-SHOWN);
  const width = Math.max(...shown.map((index) => ms((events[index] as TraceEvent).at).length), 0);
  const room = io.out.isTty ? Math.max(40, io.out.columns - width - 24) : 200;
  const lines = shown.map((index) => {
    const event = events[index] as TraceEvent;
    const label = labelOf(event);
    const text = label.length > room ? `${label.slice(0, room - 1)}…` : label;
    const mark = marks.get(index);
    const end = mark === undefined ? '' : paint.warn(`   ← ${mark}`);
    return `    ${String(index).padStart(5)}  ${ms(event.at).padStart(width)}  ${text}${end}`;
  });
  const left = chain.length - shown.length;
  const before = `${causes.length} of ${events.length} events happened before it`;
  return [
    alarm(
      `  ${violation.invariant} violated at event ${violation.event}, ${ms(violation.at)}${where}`,
    ),
    `    ${violation.message}`,
    ...(facts.length === 0 ? [] : ['', '  Facts in conflict', ...facts]),
    '',
    `  Why  (${before}, ${chain.length} led to it directly)`,
    ...(left > 0 ? [`           … ${left} earlier`] : []),
    ...lines,
    ...cycleLines(trace),
    '',
  ].join('\n');
}

/** What went round and round, when time is what was violated. */
function cycleLines(trace: Trace): string[] {
  const cycle = cycleOf(trace);
  if (cycle === null) return [];
  const { events, rounds, lastUs } = cycle;
  const head = `  Again and again  (${rounds} times; the last time took ${ms(lastUs)})`;
  const shown = events.slice(0, SHOWN).map((event) => `    ${labelOf(event)}`);
  const left = events.length - shown.length;
  return ['', head, ...shown, ...(left > 0 ? [`    … ${left} more`] : [])];
}
