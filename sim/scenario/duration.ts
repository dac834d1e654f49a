/** Durations as scenarios write them (`500ms`, `1.5s`, `2m`), in integer microseconds of time. */
import { show } from './show.ts';

/** Microseconds in a unit. */
const UNITS: Readonly<Record<string, number>> = {
  us: 1,
  ms: 1_000,
  s: 1_000_000,
  m: 60_000_000,
  h: 3_600_000_000,
};

/** A number with a unit; the unit is never left out. */
export const durationPattern = /^(-?)(\d{1,9}(?:\.\d{1,6})?)(us|ms|s|m|h)$/;

/** Microseconds, or null when the text is not a duration. */
export function parseDuration(text: string): number | null {
  const match = durationPattern.exec(text);
  if (match === null) return null;
  const [, sign, number, unit] = match as unknown as [string, string, string, string];
  const us = Math.round(Number(number) * (UNITS[unit] as number));
  return sign === '-' ? -us : us;
}

/** `1.5s` for 1,500,000: the largest unit that leaves a short number. */
export function formatDuration(us: number): string {
  const size = Math.abs(us);
  if (size >= 60_000_000 && size % 60_000_000 === 0) return `${us / 60_000_000}m`;
  if (size >= 1_000_000 && size % 10_000 === 0) return `${us / 1_000_000}s`;
  if (size >= 1_000 && size % 10 === 0) return `${us / 1_000}ms`;
  return `${us}us`;
}

/** What to say of something that should have been a duration and is not. */
export function durationAdvice(value: unknown): string {
  const found = show(value);
  const expected = `expected a duration with a unit, such as 500ms, 1.5s or 2m, found ${found}`;
  if (typeof value !== 'string' && typeof value !== 'number') return expected;
  const text = String(value).trim();
  if (durationPattern.test(`${text}ms`)) return `${expected}; did you mean ${text}ms?`;
  const close = /^(-?\d+(?:\.\d+)?)\s*([a-zµ]+)$/i.exec(text);
  const unit = close === null ? undefined : guessUnit(close[2] as string);
  const meant = `${close?.[1]}${unit}`;
  return durationPattern.test(meant) ? `${expected}; did you mean ${meant}?` : expected;
}

/** The unit that someone meant who wrote `sec`, `Msec` or `minutes`. */
function guessUnit(word: string): string | undefined {
  const lower = word.toLowerCase();
  if (/^(?:us|µs|micro.*|usec.*)$/.test(lower)) return 'us';
  if (/^(?:ms|mill?i.*|msec.*)$/.test(lower)) return 'ms';
  if (/^(?:s|sec|secs|second|seconds)$/.test(lower)) return 's';
  if (/^(?:m|min|mins|minute|minutes)$/.test(lower)) return 'm';
  return /^(?:h|hr|hrs|hour|hours)$/.test(lower) ? 'h' : undefined;
}
