/** What every command is given: the outside world, and what the global options say. */
import { callName } from './call.ts';
import type { Io } from './io.ts';
import { paintFor, type Paint } from './paint.ts';

/** The options that every command has. */
export interface GlobalOptions {
  readonly color?: boolean;
  readonly debug?: boolean;
}

export interface Session {
  readonly io: Io;
  readonly paint: Paint;
  /** `npm run sim --` or `schism`: what commands to copy begin with. */
  readonly call: string;
}

export function sessionOf(io: Io, { color }: GlobalOptions): Session {
  return { io, paint: paintFor(io, color), call: callName(io, process.argv[1] ?? '') };
}
