/** Seeds as people write them. */
import { randomInt } from 'node:crypto';
import { UsageError } from './exit.ts';

/** One number has one name, however it is written; any word is a seed, too. */
export function parseSeed(text: string, source = '--seed'): string {
  const word = text.trim();
  if (word === '' || word.length > 100) {
    const advice = 'a number (42, 0x2a) or a word of at most 100 characters';
    throw new UsageError(`${source}: expected ${advice}, found "${word.slice(0, 40)}"`);
  }
  return /^(?:\d+|0x[\da-f]+)$/i.test(word) ? BigInt(word).toString() : word;
}

/** A seed that nobody chose, short enough to be copied by hand. */
export function freshSeed(): string {
  return String(randomInt(0x1_0000_0000));
}

/**
 * The flag decides; else the scenario, which may mean its seed; else SCHISM_SEED, so that CI can
 * vary all the others; else chance.
 */
export function chooseSeed(
  flag: string | undefined,
  own: string | number | undefined,
  env: string | undefined,
): string {
  if (flag !== undefined) return parseSeed(flag);
  if (own !== undefined) return parseSeed(String(own), 'seed');
  return env === undefined || env === '' ? freshSeed() : parseSeed(env, 'SCHISM_SEED');
}
