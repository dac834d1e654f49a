/** Colours and signs, where they can be shown. */
import { styleText } from 'node:util';
import type { Io } from './io.ts';

export interface Paint {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly warn: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly bold: (text: string) => string;
  readonly yes: string;
  readonly no: string;
  readonly open: string;
}

/**
 * `color`: what --color or --no-color says, undefined when neither is given; then NO_COLOR, then
 * FORCE_COLOR, then whether somebody looks.
 */
export function paintFor({ env, out }: Io, color: boolean | undefined): Paint {
  const isColored = color ?? byEnvironment(env) ?? (out.isTty && env['TERM'] !== 'dumb');
  const paint = (format: Parameters<typeof styleText>[0]) => (text: string) =>
    isColored ? styleText(format, text, { validateStream: false }) : text;
  // The Linux console and old Windows consoles have no such signs.
  const isPlain = env['TERM'] === 'linux' || env['TERM'] === 'dumb';
  return {
    good: paint('green'),
    bad: paint('red'),
    warn: paint('yellow'),
    dim: paint('dim'),
    bold: paint('bold'),
    yes: isPlain ? '+' : '✓',
    no: isPlain ? 'x' : '✗',
    open: isPlain ? '?' : '○',
  };
}

function byEnvironment(env: Io['env']): boolean | undefined {
  // https://no-color.org: set, and not empty.
  if ((env['NO_COLOR'] ?? '') !== '') return false;
  const force = env['FORCE_COLOR'];
  return force === undefined ? undefined : force !== '0' && force !== 'false';
}
