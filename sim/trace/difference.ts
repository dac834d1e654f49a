/** Where two plain values differ, path by path. */
import { pathText, valueText } from './text.ts';

export interface Difference {
  readonly path: readonly (string | number)[];
  /** Undefined: absent. */
  readonly left: unknown;
  readonly right: unknown;
}

/** The outermost places in which the values differ: first those of the left value. */
export function differences(left: unknown, right: unknown): Difference[] {
  const found: Difference[] = [];
  compare(left, right, [], found);
  return found;
}

/** One line each, the first few: `log[3].term: 2 (trace) or 3 (run)`. */
export function describeDifferences(
  list: readonly Difference[],
  leftName: string,
  rightName: string,
  limit = 5,
): string[] {
  const lines = list.slice(0, limit).map(({ path, left, right }) => {
    const place = path.length === 0 ? '' : `${pathText(path)}: `;
    return `${place}${valueText(left)} (${leftName}) or ${valueText(right)} (${rightName})`;
  });
  return list.length > limit ? [...lines, `${list.length - limit} more`] : lines;
}

function compare(
  left: unknown,
  right: unknown,
  path: readonly (string | number)[],
  found: Difference[],
): void {
  if (left === right) return;
  if (!isContainer(left) || !isContainer(right) || Array.isArray(left) !== Array.isArray(right)) {
    found.push({ path, left, right });
    return;
  }
  const isList = Array.isArray(left);
  for (const field of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const a = Object.hasOwn(left, field) ? left[field] : undefined;
    const b = Object.hasOwn(right, field) ? right[field] : undefined;
    compare(a, b, [...path, isList ? Number(field) : field], found);
  }
}

function isContainer(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
