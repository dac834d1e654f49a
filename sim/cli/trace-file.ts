/** Reads a trace file, or what of it can be used. */
import { readTrace, type Trace } from '../trace/index.ts';
import { UsageError } from './exit.ts';
import { readBytes } from './files.ts';
import type { Session } from './session.ts';

export interface TraceFile {
  readonly trace: Trace;
  /** False: it is only the beginning of a damaged file; that was said already. */
  readonly isWhole: boolean;
}

/** Throws when nothing of the file can be used. */
export function readTraceFile(path: string, { io, call }: Session): TraceFile {
  const bytes = readBytes(path, io, '.msgpack');
  const { trace, problem } = readTrace(bytes);
  if (trace === null) {
    const hint = /\.ya?ml$/.test(path) ? `; to run a scenario: ${call} ${path}` : '';
    throw new UsageError(`${path}: ${problem ?? 'it is empty'}${hint}`);
  }
  if (problem !== null) io.note(`${path}: ${problem}\n`);
  return { trace, isWhole: problem === null };
}
