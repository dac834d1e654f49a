/** Where a violating run is kept: its trace, and beside it its scenario. */
import { closeSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Kept } from '../property/keep.ts';
import { UsageError } from './exit.ts';
import { codeOf, isFolder, openForWriting, writingProblem } from './files.ts';
import { writePageBeside } from './page-beside.ts';

export interface KeptPaths {
  readonly scenario: string;
  readonly trace: string;
}

/** `out` as the user says it: a folder, or the name of the trace; left out: the folder `out`. */
export function keptPaths(name: string, out: string | undefined): KeptPaths {
  const file = name.replaceAll(/[^\w.-]+/g, '-');
  const isFile = out !== undefined && !/[/\\]$/.test(out) && !isFolder(out);
  const base = isFile ? out.replace(/\.msgpack$/, '') : join(out ?? 'out', file);
  return { scenario: `${base}.yaml`, trace: `${base}.msgpack` };
}

export function writeKept({ text, bytes }: Kept, { scenario, trace }: KeptPaths): void {
  write(scenario, text);
  write(trace, bytes);
  writePageBeside(trace, 'schism');
}

function write(path: string, content: string | Uint8Array): void {
  const descriptor = openForWriting(path);
  try {
    writeFileSync(descriptor, content);
  } catch (error) {
    throw new UsageError(writingProblem(path, codeOf(error)));
  } finally {
    closeSync(descriptor);
  }
}
