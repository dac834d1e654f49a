/** Copies of plain data: frozen parts are shared, forkable parts copy themselves. */
import type { Forkable } from './protocol.ts';

export function isForkable(value: object): value is Forkable {
  return typeof (value as Partial<Forkable>).fork === 'function';
}

/**
 * A copy that shares nothing mutable with `value` (see `Forkable` for what counts as immutable).
 */
export function clone<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (isForkable(value)) return value.fork() as unknown as T;
  if (Object.isFrozen(value)) return value;
  if (Array.isArray(value)) {
    const copy = new Array<unknown>(value.length);
    for (let i = 0; i < value.length; i++) copy[i] = clone<unknown>(value[i]);
    return copy as T;
  }
  const copy: Record<string, unknown> = {};
  for (const field of Object.keys(value)) {
    copy[field] = clone((value as Record<string, unknown>)[field]);
  }
  return copy as T;
}

/** A copy of the named fields only: what persist() writes. */
export function pick<T extends object>(value: T, fields: readonly string[]): Partial<T> {
  const copy: Record<string, unknown> = {};
  for (let i = 0; i < fields.length; i++) {
    const field = fields[i] as string;
    const content = (value as Record<string, unknown>)[field];
    copy[field] = typeof content === 'object' ? clone(content) : content;
  }
  return copy as Partial<T>;
}

/** Freezes plain data in depth, so that a handler that keeps and changes a message is found out. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  if (isForkable(value)) return value;
  for (const field of Object.keys(value)) {
    deepFreeze((value as Record<string, unknown>)[field]);
  }
  return Object.freeze(value);
}
