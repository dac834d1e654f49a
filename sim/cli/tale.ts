/** A story as text: times on the left, what happened on the right, at most a page. */
import type { Session } from './session.ts';
import type { Moment, Tale } from './story.ts';
import { capital } from './story/words.ts';

/** A longer tale loses its middle. */
const HEAD = 30;
const TAIL = 15;

export function taleText({ moments, ending }: Tale, { paint }: Session): string {
  const all = [...moments, { ...ending, text: `the end: ${ending.text}` }];
  const width = Math.max(...all.map(({ at }) => time(at).length));
  const text = ({ at, text: words, details }: Moment) => {
    const margin = ' '.repeat(width + 4);
    const first = `  ${paint.dim(time(at).padStart(width))}  ${capital(words)}`;
    return [first, ...details.map((line) => `${margin}${line}`)]
      .map((line) => `${line}\n`)
      .join('');
  };
  if (all.length <= HEAD + TAIL) return all.map(text).join('');
  const left = all.length - HEAD - TAIL;
  const gap = `  ${' '.repeat(width)}  … ${left} more (-v shows every event)\n`;
  return [...all.slice(0, HEAD).map(text), gap, ...all.slice(-TAIL).map(text)].join('');
}

function time(us: number): string {
  return `${Math.round(us / 1000)} ms`;
}
