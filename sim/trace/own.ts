/** Copies and comparisons of plain data, for trees that nobody but the recorder may change. */
import { isForkable, type Plain } from '../engine/index.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * A copy that stays as it is now. Frozen parts are shared: they are immutable all the way down.
 * Forkable values become plain data. Fields that are undefined count as absent.
 */
export function own(value: unknown): Plain {
  if (typeof value !== 'object' || value === null) return (value ?? null) as Plain;
  if (isForkable(value)) return own(value.toPlain());
  if (Object.isFrozen(value) && isPlain(value)) return value as Plain;
  if (Array.isArray(value)) return value.map(own);
  const copy: Record<string, Plain> = {};
  for (const field of Object.keys(value)) {
    const content = (value as Fields)[field];
    if (content !== undefined) copy[field] = own(content);
  }
  return copy;
}

/** Whether two plain values say the same; a field that is undefined counts as absent. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    return a !== a && b !== b;
  }
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) if (!same(a[i], b[i])) return false;
    return true;
  }
  for (const field of Object.keys(a)) {
    if (!same((a as Fields)[field], (b as Fields)[field])) return false;
  }
  for (const field of Object.keys(b)) {
    if ((b as Fields)[field] !== undefined && (a as Fields)[field] === undefined) return false;
  }
  return true;
}

function isPlain(value: object): boolean {
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
}
