/** A trace for other eyes: text, JSON lines, a Mermaid diagram, a summary. */
import { explain } from './explain.ts';
import { identityOf, labelOf, nameOf, type Trace, type TraceEvent } from './format.ts';
import type { TraceFooter, TraceHeader } from './format.ts';
import { eventLine, resolvedLabel } from './line.ts';
import { milliseconds } from './text.ts';

/** One line for each event. */
export function traceText({ header, events }: Trace): string {
  return events.map((event) => `${eventLine(header, event)}\n`).join('');
}

/** JSON lines: the header, the start, each event with its identity and label, the footer. */
export function traceJsonLines({ header, start, events, footer }: Trace): string {
  const values: unknown[] = [{ header }, { start }];
  for (const event of events) {
    values.push({ event: { identity: identityOf(event), label: labelOf(event), ...event } });
  }
  if (footer !== null) values.push({ footer });
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}

/** What a Mermaid diagram shows at most; more is no picture any more. */
export const mermaidMessages = 50;

/**
 * A Mermaid sequence diagram: messages as arrows, lost ones crossed, faults as notes. Of more
 * than 50 messages it shows those that lead to the violation, else the last ones.
 */
export function traceMermaid(trace: Trace): string {
  const { header, events } = trace;
  const chain = new Set(explain(trace)?.chain);
  const all = events.flatMap((event) => messagesOf(header, event));
  const isLong = all.filter(({ isMessage }) => isMessage).length > mermaidMessages;
  const wanted = isLong && chain.size > 0 ? all.filter(({ index }) => chain.has(index)) : all;
  let room = mermaidMessages;
  const shown = wanted.toReversed().filter(({ isMessage }) => !isMessage || room-- > 0);
  // Notes before the first message shown would stand alone.
  const first = shown.findLast(({ isMessage }) => isMessage)?.index ?? 0;
  const lines = shown.filter(({ index }) => index >= first || !isLong).toReversed();
  const total = all.filter(({ isMessage }) => isMessage).length;
  const count = lines.filter(({ isMessage }) => isMessage).length;
  const names = [...header.nodes, ...header.clients];
  return [
    'sequenceDiagram',
    ...(count < total ? [`  %% ${count} of ${total} messages`] : []),
    ...names.map((name) => `  participant ${name}`),
    ...lines.map(({ text }) => `  ${text}`),
    '',
  ].join('\n');
}

interface DiagramLine {
  readonly index: number;
  readonly isMessage: boolean;
  readonly text: string;
}

function messagesOf(header: TraceHeader, event: TraceEvent): DiagramLine[] {
  const { index, kind, actor, from = -1, stem, words = '' } = event;
  const lines: DiagramLine[] = [];
  const add = (isMessage: boolean, text: string) => lines.push({ index, isMessage, text });
  const everyone = [header.nodes[0], header.clients.at(-1) ?? header.nodes.at(-1)];
  if (kind === 'fault') {
    add(false, `Note over ${[...new Set(everyone)].join(',')}: ${escape(resolvedLabel(event))}`);
  } else if (from >= 0) {
    const arrow = event.lost === true ? '-x' : '->>';
    const type = stem.slice(stem.indexOf(' ') + 1);
    const text = escape(`${type} ${words}`.trim());
    add(true, `${nameOf(header, from)}${arrow}${nameOf(header, actor)}: ${text}`);
  }
  for (const { from: sender, to, type, dropped } of event.sends ?? []) {
    if (dropped === undefined) continue;
    const text = escape(`${type} (lost: ${dropped})`);
    add(true, `${nameOf(header, sender)}-x${nameOf(header, to)}: ${text}`);
  }
  if (event.violation !== undefined) {
    const where = event.violation.node ?? everyone[0];
    add(false, `Note over ${where}: ${escape(`violated: ${event.violation.message}`)}`);
  }
  return lines;
}

/** Signs that end a Mermaid statement or begin an entity. */
function escape(text: string): string {
  return text.replace(/[#;<>\n]/g, (sign) => `#${sign.charCodeAt(0)};`);
}

/** A page that says what a trace is: where it comes from, how long it is, how it ended. */
export function traceInfo({ header, events, footer, snapshots }: Trace): string {
  const { scenario, engine, format, order, strategy, mutants, nodes, clients } = header;
  const rows: [string, string][] = [
    ['scenario', `${scenario.file} (${scenario.hash})`],
    ['protocol', header.protocol],
    ['mutants', mutants.length === 0 ? 'none' : mutants.join(' ')],
    ['seed', header.seed],
    ['strategy', `${strategy}, ${order}`],
    ['actors', `${nodes.length} nodes, ${clients.length} clients`],
    ['written by', `schism ${engine}, trace format ${format}`],
    ['events', `${events.length}, ${snapshots.length} snapshots`],
    ...(footer === null ? lastRows(events) : footerRows(footer)),
  ];
  return rows.map(([name, value]) => `${name.padEnd(12)}${value}\n`).join('');
}

function lastRows(events: readonly TraceEvent[]): [string, string][] {
  const last = events.at(-1);
  const end = last === undefined ? '' : `; the last event is at ${milliseconds(last.at)}`;
  return [['ended', `unknown: the end of the file is missing${end}`]];
}

function footerRows({ reason, counters, verdicts, violation, hash }: TraceFooter) {
  const kinds = Object.entries(counters.byKind).filter(([, count]) => count > 0);
  const rows: [string, string][] = [
    ['by kind', kinds.map(([kind, count]) => `${kind} ${count}`).join(', ')],
    ['messages', `${counters.sent} sent, ${counters.dropped} lost`],
    ['ended', `${endings[reason]} at ${milliseconds(counters.virtualUs)}`],
    ...verdicts.map(({ id, outcome }): [string, string] => ['invariant', `${id} ${outcome}`]),
  ];
  if (violation !== null) rows.push(['violation', violation.message]);
  rows.push(['hash', hash]);
  return rows;
}

const endings: Readonly<Record<TraceFooter['reason'], string>> = {
  violation: 'with a violation',
  time: 'when its time was up',
  events: 'when it had enough events',
  quiet: 'when nothing more could happen',
  interrupted: 'when it was interrupted',
};
