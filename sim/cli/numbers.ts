/** Numbers and times that flags give. */
import { durationAdvice, parseDuration } from '../scenario/index.ts';
import { UsageError } from './exit.ts';

/** A whole number from 1 on, or from `least`. */
export function wholeNumber(flag: string, text: string, most: number, least = 1): number {
  const number = /^\d+(?:_?\d+)*$/.test(text) ? Number(text.replaceAll('_', '')) : NaN;
  if (number >= least && number <= most) return number;
  const range = `a whole number from ${least} to ${most.toLocaleString('en')}`;
  throw new UsageError(`${flag}: expected ${range}, found "${text}"`);
}

/** Milliseconds of a duration such as 60s. */
export function milliseconds(flag: string, text: string): number {
  const us = parseDuration(text);
  if (us === null) throw new UsageError(`${flag}: ${durationAdvice(text)}`);
  if (us <= 0) throw new UsageError(`${flag}: expected some time, found "${text}"`);
  return us / 1000;
}
