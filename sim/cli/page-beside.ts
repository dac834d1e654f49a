/** Writes the page of a violating run beside its trace, so that a newcomer can look at once. */
import { readFileSync, writeFileSync } from 'node:fs';
import { embedded, isBuilt, pageOf } from '../viewer/html.ts';
import { quoted } from './call.ts';
import { codeOf, writingProblem } from './files.ts';

/** Once `trace` is written; a line for the error stream: where the page is, or why not. */
export function writePageBeside(trace: string, call: string): string {
  // Without the development packages the page may not have been built; the trace is there.
  if (!isBuilt()) return '';
  const path = `${trace.replace(/\.msgpack$/, '')}.html`;
  try {
    const traces = [embedded(trace, readFileSync(trace))];
    writeFileSync(path, pageOf({ traces, replay: `${call} replay ${quoted(trace)}` }));
    return `page: ${path}\n`;
  } catch (error) {
    return `${writingProblem(path, codeOf(error))}\n`;
  }
}
