/** A shrunk run told as a story: every step, why it is needed, and the facts in conflict. */
import type { Shrunk, ShrunkStep } from './shrink.ts';
import type { Need } from './why.ts';

export interface StoryLine {
  /** From 1. */
  readonly number: number;
  /** The event, for people. */
  readonly label: string;
  /** What it establishes: `fact 1`, `violation`; or ''. */
  readonly mark: string;
  /** One sentence on what happens without it; '' when that is not known. */
  readonly without: string;
}

export interface Story {
  readonly title: string;
  readonly lines: readonly StoryLine[];
  /** The facts in conflict, with the steps that established them. */
  readonly facts: readonly string[];
}

export function storyOf({ steps, violation, before }: Shrunk): Story {
  const marks = new Map<number, string>([[violation.event, 'violation']]);
  violation.facts.forEach(({ event }, i) => {
    if (event === undefined || event < 0) return;
    const known = marks.get(event);
    marks.set(event, known === undefined ? `fact ${i + 1}` : `fact ${i + 1}, ${known}`);
  });
  const fewer = before > steps.length ? `, ${steps.length} of ${before} events` : '';
  return {
    title: `${violation.invariant}: ${violation.message}${fewer}`,
    lines: steps.map(({ label, need }, i) => ({
      number: i + 1,
      label,
      mark: marks.get(i) ?? '',
      without: need === null ? '' : sentence(need, steps, violation.event),
    })),
    facts: violation.facts.map(({ text, node, event }) => {
      const who = node === undefined || text.includes(node) ? '' : `${node}: `;
      const when = event === undefined || event < 0 ? '' : ` (step ${event + 1})`;
      return `${who}${text}${when}`;
    }),
  };
}

/** The story as text. */
export function storyText(shrunk: Shrunk): string {
  const { title, lines, facts } = storyOf(shrunk);
  const text = [title, ''];
  const width = `${lines.length}`.length;
  for (const { number, label, mark, without } of lines) {
    text.push(`${`${number}`.padStart(width)}. ${label}${mark === '' ? '' : `   ← ${mark}`}`);
    if (without !== '') text.push(`${' '.repeat(width + 2)}Without it ${without}.`);
  }
  if (facts.length > 0) text.push('', 'In conflict');
  facts.forEach((fact, i) => text.push(`  ${i + 1}. ${fact}`));
  if (shrunk.isMinimal)
    text.push('', 'Without any one of these steps the violation does not happen.');
  return `${text.join('\n')}\n`;
}

function sentence(need: Need, steps: readonly ShrunkStep[], last: number): string {
  const { missing, changed, instead } = need;
  if (instead !== null) return `another invariant is violated (${instead.invariant})`;
  if (missing.includes(last) && missing.length === 1) return 'the last step cannot happen';
  if (missing.length > 0) return `${stepList(missing)} cannot happen`;
  const [first] = changed;
  if (first === undefined) return 'all other steps happen, and nothing is violated';
  const words = wordsOf(first.label, steps[first.step]?.label ?? '');
  const others = changed.length - 1;
  const more = others === 0 ? '' : `, and ${others} more ${others === 1 ? 'changes' : 'change'}`;
  return `step ${first.step + 1} ${words} instead${more}`;
}

/** What of a label is new compared with what it was; the whole label when the event is another. */
function wordsOf(label: string, was: string): string {
  const [now, old] = [label.split(' '), was.split(' ')];
  const news = now.slice(2).filter((word) => !old.includes(word));
  const isOther = now[0] !== old[0] || now[1] !== old[1] || news.length === 0;
  return isOther ? `is ${label}` : `has ${news.join(' ')}`;
}

/** `step 3`, `steps 3 and 4`, `steps 3 to 6 and 9`. */
function stepList(indices: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const index of indices) {
    const range = ranges.at(-1);
    if (range !== undefined && range[1] === index - 1) range[1] = index;
    else ranges.push([index, index]);
  }
  const texts = ranges.flatMap(([from, to]) => {
    if (from === to) return [`${from + 1}`];
    return to === from + 1 ? [`${from + 1}`, `${to + 1}`] : [`${from + 1} to ${to + 1}`];
  });
  const last = texts.at(-1) ?? '';
  const list = texts.length === 1 ? last : `${texts.slice(0, -1).join(', ')} and ${last}`;
  return `step${indices.length === 1 ? '' : 's'} ${list}`;
}
