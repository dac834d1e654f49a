/** Every event of a trace for -v: one line each, and for -vv its patches below. */
import {
  eventLine,
  nameOf,
  type Trace,
  type TraceEvent,
  type TraceHeader,
} from '../trace/index.ts';

/** One text for each event, each ending with a line break. */
export function* eventLines({ header, events }: Trace, withPatches: boolean): Generator<string> {
  for (const event of events) {
    yield `${eventLine(header, event)}${sendsText(header, event)}\n`;
    if (withPatches) yield* patchLines(header, event);
  }
}

/** `  → AppendEntries n2 n3` */
function sendsText(header: TraceHeader, { sends = [] }: TraceEvent): string {
  const byType = new Map<string, string[]>();
  for (const { to, type, dropped } of sends) {
    // The line has said already what was lost.
    if (dropped !== undefined) continue;
    const names = byType.get(type) ?? [];
    names.push(nameOf(header, to));
    byType.set(type, names);
  }
  return [...byType].map(([type, names]) => `  → ${type} ${names.join(' ')}`).join('');
}

function* patchLines(header: TraceHeader, { changes = [] }: TraceEvent): Generator<string> {
  for (const { node, patches } of changes) {
    for (const { op, path, value } of patches) {
      const place = path.filter((step, i) => i > 0 || step !== 'state').join('.');
      const text = op === 'remove' ? '' : ` ${JSON.stringify(value)}`;
      yield `${' '.repeat(20)}${nameOf(header, node)} ${op} ${place}${text}\n`;
    }
  }
}
