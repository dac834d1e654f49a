/** Checks of initial logs and of lessons: nodes that exist, terms that never fall. */
import type { Located, Path } from './issues.ts';
import { plainNodeProblem, type Names } from './nodes.ts';
import type { BeatConfig } from './schema-lesson.ts';
import type { InitialNodeConfig } from './schema-schedule.ts';

export function checkInitial(
  initial: ReadonlyMap<string, InitialNodeConfig>,
  names: Names,
): Located[] {
  return [...initial].flatMap(([node, value]): Located[] => {
    const path = ['initial', node];
    const problem = plainNodeProblem(node, names);
    if (problem !== null) return [{ path, at: 'key', message: problem }];
    if (Array.isArray(value)) return checkLog(value, path);
    const { log, term, voted_for: votedFor } = value;
    const problems = checkLog(log, [...path, 'log']);
    const last = Math.max(0, ...log.map(termOf));
    if (term !== undefined && term < last) {
      const message = `a node is never behind its log: expected at least ${last}, found ${term}`;
      problems.push({ path: [...path, 'term'], at: 'value', message });
    }
    const vote = votedFor === undefined ? null : plainNodeProblem(votedFor, names);
    if (vote !== null) problems.push({ path: [...path, 'voted_for'], at: 'value', message: vote });
    return problems;
  });
}

type EntryConfig = Extract<InitialNodeConfig, readonly unknown[]>[number];

function checkLog(log: readonly EntryConfig[], path: Path): Located[] {
  return log.flatMap((entry, i): Located[] => {
    const before = i === 0 ? 0 : termOf(log[i - 1] as EntryConfig);
    const term = termOf(entry);
    if (term >= before) return [];
    const message = `terms in a log never fall: expected at least ${before}, found ${term}`;
    return [{ path: [...path, i], at: 'value', message }];
  });
}

function termOf(entry: EntryConfig): number {
  return typeof entry === 'number' ? entry : entry.term;
}

/** `raw` is the lesson as written: its other parts may be wrong. */
export function checkLesson(
  raw: unknown,
  beats: readonly (BeatConfig | null)[],
  names: Names,
): Located[] {
  const problems = beats.flatMap((beat, i) =>
    (beat?.focus ?? []).flatMap((node, j): Located[] => {
      const message = plainNodeProblem(node, names);
      const path = ['lesson', 'beats', i, 'focus', j];
      return message === null ? [] : [{ path, at: 'value', message }];
    }),
  );
  if (typeof raw !== 'object' || raw === null) return problems;
  const { answer, choices } = raw as { answer?: unknown; choices?: unknown };
  const count = Array.isArray(choices) ? choices.length : 0;
  if (typeof answer === 'number' && answer > count) {
    const message = `there are ${count} choices, but the answer is number ${answer}`;
    problems.push({ path: ['lesson', 'answer'], at: 'value', message });
  }
  return problems;
}
