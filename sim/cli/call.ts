/** How we were called, so that commands to copy work where they are pasted. */
import type { Io } from './io.ts';

/** `npm run sim --`, `npx schism` or `schism`. `script` is the file that Node runs. */
export function callName({ env }: Pick<Io, 'env'>, script: string): string {
  if (env['npm_lifecycle_event'] === 'sim' || script.endsWith('.ts')) return 'npm run sim --';
  return env['npm_command'] === 'exec' ? 'npx schism' : 'schism';
}

/** An argument as a shell wants it. */
export function quoted(argument: string): string {
  if (/^[\w./:@%+,=-]+$/.test(argument)) return argument;
  return `'${argument.replaceAll("'", String.raw`'\''`)}'`;
}
