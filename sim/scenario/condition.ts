/** What a timeline entry may wait for, in words: `leader elected in n3 n4`, `decided 5`. */
import type { Condition } from '../faults/fault.ts';
import { nearest } from './suggest.ts';

/** How the conditions are written. */
export const conditionForms = [
  'leader elected',
  'leader elected in n3 n4',
  'decided 5',
  'decided 5 in n1 n2',
  'epoch 3',
  'converged',
  'event 120',
] as const;

export const conditionHelp = `write one of: ${conditionForms.join(' · ')}`;

/** The condition, or a sentence that says what is wrong with it. */
export function parseCondition(text: string): Condition | string {
  const words = text
    .replaceAll(/[[\],]/g, ' ')
    .trim()
    .split(/\s+/);
  const at = words.indexOf('in');
  const head = at < 0 ? words : words.slice(0, at);
  const among = at < 0 ? [] : words.slice(at + 1);
  if (at >= 0 && among.length === 0) return 'expected names of nodes behind "in"';
  const where = at < 0 ? {} : { among };
  const phrase = head.join(' ');
  if (phrase === 'leader elected') return { type: 'leader-elected', ...where };
  const [word, number, ...rest] = head as [string, string | undefined, ...string[]];
  const count = number !== undefined && /^\d{1,12}$/.test(number) ? Number(number) : null;
  if (rest.length === 0) {
    if (word === 'decided' && count !== null) return { type: 'decided', position: count, ...where };
    if (word === 'epoch' && count !== null && at < 0) return { type: 'epoch', epoch: count };
    if (word === 'event' && count !== null && at < 0) return { type: 'event', index: count };
    if (phrase === 'converged' && at < 0) return { type: 'converged' };
    if (['decided', 'epoch', 'event'].includes(word) && count === null) {
      return `expected a number behind "${word}"; ${conditionHelp}`;
    }
  }
  const near = nearest(phrase, ['leader elected', 'converged']) ?? nearest(word, STARTS);
  const hint = near === null ? '' : ` did you mean "${near}"?`;
  return `unknown condition "${text}";${hint} ${conditionHelp}`;
}

/** What is wrong with a text that is no condition. */
export function conditionProblem(text: string): string {
  const parsed = parseCondition(text);
  return typeof parsed === 'string' ? parsed : '';
}

const STARTS = ['leader elected', 'decided', 'epoch', 'converged', 'event'];
