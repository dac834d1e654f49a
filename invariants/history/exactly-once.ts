/** Exactly once: no request takes effect twice, however often it was sent. */
import type { Command } from '../../sim/engine/protocol.ts';
import type { ClientHistory } from '../../sim/history/recorder.ts';
import type { CheckResult } from './result.ts';
import type { OperationsKind } from './requirements.ts';

type ClientOperation = ClientHistory[number];

/**
 * Black box, for operations whose effects can be counted in what reads return: appended tokens
 * (each at most once in a value) and counters (never more than all that was ever asked to be
 * added).
 * Of other kinds nothing can be said. O(n log n + length of the values).
 */
export function checkExactlyOnce(history: ClientHistory, kind: OperationsKind): CheckResult {
  const base = { algorithm: 'counting', operations: history.length, configurations: 0 };
  if (kind !== 'append' && kind !== 'counter' && kind !== 'list-append') {
    const exhausted = `the kind: effects of ${kind} operations cannot be counted`;
    return { ...base, verdict: 'unknown', exhausted };
  }
  const find = kind === 'counter' ? tooMuch(history) : repeated(history);
  for (const [position, operation] of history.entries()) {
    if (operation.outcome !== 'ok') continue;
    const found = find(operation);
    if (found === null) continue;
    const positions = [...found.writers, position].sort((a, b) => a - b);
    const involved = positions.map((index) => history[index] as ClientOperation);
    const conflict = positions;
    const minimal = true;
    const counterexample = {
      because: [found.because],
      history: involved,
      positions,
      conflict,
      minimal,
    };
    return { ...base, verdict: 'invalid', counterexample };
  }
  return { ...base, verdict: 'valid' };
}

interface Found {
  readonly because: string;
  /** Who wrote what is there too often, by position in the history. */
  readonly writers: readonly number[];
}

type Find = (read: ClientOperation) => Found | null;

/** A token or element that stands twice in something that was read. */
function repeated(history: ClientHistory): Find {
  return ({ client, output }) => {
    for (const elements of listsIn(output)) {
      const seen = new Set<unknown>();
      for (const element of elements) {
        if (!seen.has(element)) {
          seen.add(element);
          continue;
        }
        const writer = history.findIndex(({ input }) => writes(input, element));
        const what = JSON.stringify(element);
        const because = `${client} read ${what} twice, though it was written once`;
        return { because, writers: writer < 0 ? [] : [writer] };
      }
    }
    return null;
  };
}

/** A sum that exceeds everything that was asked to be added before it was read. */
function tooMuch(history: ClientHistory): Find {
  /** Per key, by invocation: when, and the sum of all that was asked for up to then. */
  const asked = new Map<unknown, { readonly at: number; readonly sum: number }[]>();
  for (const { input, outcome, invokedAt } of history) {
    if (input.type !== 'add' || outcome === 'fail') continue;
    const sums = asked.get(input['key']) ?? [];
    asked.set(input['key'], sums);
    const before = sums[sums.length - 1]?.sum ?? 0;
    sums.push({ at: invokedAt, sum: before + Math.max(0, Number(input['by'] ?? 1)) });
  }
  return (read) => {
    const { client, input, output, completedAt } = read;
    if (typeof output !== 'number') return null;
    const until = completedAt ?? Infinity;
    const most = asked.get(input['key'])?.findLast(({ at }) => at <= until)?.sum ?? 0;
    if (output <= most) return null;
    const writers = history.flatMap((other, position) => {
      const isAdd = other.input.type === 'add' && other.input['key'] === input['key'];
      return isAdd && other !== read && other.invokedAt <= until ? [position] : [];
    });
    return { because: `${client} saw ${output}, though at most ${most} was ever added`, writers };
  };
}

/**
 * The lists that an answer contains: tokens of a string (each ends with `;`), elements of a
 * transaction's reads.
 */
function listsIn(output: unknown): readonly (readonly unknown[])[] {
  if (typeof output === 'string') return [output.match(/[^;]+;/g) ?? []];
  if (!Array.isArray(output)) return [];
  return output.flatMap((step: unknown) => {
    const isRead = Array.isArray(step) && step[0] === 'r' && Array.isArray(step[2]);
    return isRead ? [step[2] as unknown[]] : [];
  });
}

function writes(command: Command, element: unknown): boolean {
  const { type, value, ops } = command;
  if (type === 'append' || type === 'put') return value === element;
  if (!Array.isArray(ops)) return false;
  return ops.some((step) => Array.isArray(step) && step[0] === 'append' && step[2] === element);
}
