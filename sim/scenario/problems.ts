/** What is wrong with a file: where, what was expected, and the lines around it with a caret. */
import { printable } from './show.ts';

export interface Problem {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** How many characters are meant; the carets below them. */
  readonly length: number;
  /** What was expected and the nearest right word. */
  readonly message: string;
  /** The line itself, for the code frame. */
  readonly source: string;
}

/** In the order of the file; of problems with one place and text only one is kept. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  const sorted = problems.toSorted(
    (a, b) => a.line - b.line || a.column - b.column || compare(a.message, b.message),
  );
  return sorted.filter((problem, i) => {
    const last = sorted[i - 1];
    return (
      last?.line !== problem.line ||
      last.column !== problem.column ||
      last.message !== problem.message
    );
  });
}

/** All problems as text: `file:line:column message`, the line, and carets below what is meant. */
export function formatProblems(problems: readonly Problem[]): string {
  const blocks = problems.map(({ file, line, column, length, message, source }) => {
    const head = `${file}:${line}:${column} ${message}`;
    if (source.trim() === '') return `${head}\n`;
    const { text, start, size } = window(source, column, length);
    const number = String(line);
    const margin = ' '.repeat(number.length);
    const carets = `${' '.repeat(start)}${'^'.repeat(size)}`;
    return `${head}\n  ${number} | ${text}\n  ${margin} | ${carets}\n`;
  });
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return `${blocks.join('\n')}\n${count}\n`;
}

/** How much of a line is shown. */
const WIDTH = 96;

/** The part of a long line around the place that is meant, in printable characters. */
function window(source: string, column: number, length: number) {
  const clean = printable(source);
  const from = column - 1 < WIDTH - 20 ? 0 : column - 20;
  const text = clean.slice(from, from + WIDTH);
  const start = Math.min(column - 1 - from, text.length);
  const size = Math.max(1, Math.min(length, text.length - start));
  return { text, start, size };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
