/** The traces of the museum, by protocol and by the names of their files. */
import { readdirSync, readFileSync } from 'node:fs';
import { readTrace, type Trace } from '../../sim/trace/index.ts';
import { folderOf, shown } from './exhibits.ts';

/** Throws when one of them is damaged. */
function tracesOf(path: string): Map<string, Trace> {
  const files = readdirSync(path).filter((file) => file.endsWith('.msgpack'));
  return new Map(
    files.map((file) => {
      const { trace, problem } = readTrace(readFileSync(`${path}/${file}`));
      if (trace === null || problem !== null) throw new Error(`${file} cannot be read`);
      return [file.slice(0, -'.msgpack'.length), trace];
    }),
  );
}

export function allTraces(): Map<string, Map<string, Trace>> {
  return new Map(shown().map((protocol) => [protocol, tracesOf(folderOf(protocol))]));
}
