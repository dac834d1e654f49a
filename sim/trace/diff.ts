/** Two traces side by side: where they part, and how the states differ there. */
import { differences, type Difference } from './difference.ts';
import { labelOf, type Trace, type TraceEvent, type TraceHeader } from './format.ts';
import { eventLine } from './line.ts';
import { same } from './own.ts';
import { stateAt } from './state.ts';
import { milliseconds, pathText, sendText, valueText } from './text.ts';

export interface TraceDiff {
  /** Differences of the headers: versions, seeds, scenarios, mutants. */
  readonly header: readonly Difference[];
  /** The first event that is not the same in both; null when all are. */
  readonly index: number | null;
  /** In what it differs. `end`: only one trace has it; `footer`: only the verdict differs. */
  readonly what: 'event' | 'time' | 'sends' | 'state' | 'effects' | 'end' | 'footer' | null;
  readonly left: TraceEvent | null;
  readonly right: TraceEvent | null;
  /** How the states after that event differ; paths begin with the node's index. */
  readonly state: readonly Difference[];
}

/** Compares two traces event by event up to their first divergence. */
export function diffTraces(left: Trace, right: Trace): TraceDiff {
  const header = differences(left.header, right.header);
  const common = Math.min(left.events.length, right.events.length);
  if (!same(left.snapshots[0], right.snapshots[0]) || !same(left.start, right.start)) {
    const none = { left: null, right: null };
    return { header, index: -1, what: 'state', ...none, state: statesAt(left, right, -1) };
  }
  for (let index = 0; index < common; index++) {
    const a = left.events[index] as TraceEvent;
    const b = right.events[index] as TraceEvent;
    const what = compare(a, b);
    if (what === null) continue;
    return { header, index, what, left: a, right: b, state: statesAt(left, right, index) };
  }
  if (left.events.length !== right.events.length) {
    const [a = null, b = null] = [left.events[common], right.events[common]];
    return { header, index: common, what: 'end', left: a, right: b, state: [] };
  }
  const isSame = same(left.footer, right.footer);
  const [index, what] = isSame ? [null, null] : [common, 'footer' as const];
  return { header, index, what, left: null, right: null, state: [] };
}

/** The same as text, for people. */
export function diffText(left: Trace, right: Trace): string {
  const diff = diffTraces(left, right);
  const lines = diff.header.map(
    ({ path, left: a, right: b }) => `${pathText(path)}: ${valueText(a)} | ${valueText(b)}`,
  );
  if (diff.index === null) {
    lines.push(`the same ${left.events.length} events, times, messages and states`);
    return `${lines.join('\n')}\n`;
  }
  if (diff.what === 'footer') {
    lines.push(`the same ${left.events.length} events; the verdicts differ:`);
    for (const { path, left: a, right: b } of differences(left.footer, right.footer)) {
      lines.push(`  ${pathText(path)}: ${valueText(a)} | ${valueText(b)}`);
    }
    return `${lines.join('\n')}\n`;
  }
  lines.push(headline(diff));
  const before = left.events[diff.index - 1];
  if (before !== undefined) lines.push(`  ${eventLine(left.header, before)}`);
  lines.push(...side('-', left.header, diff.left), ...side('+', right.header, diff.right));
  if (diff.state.length > 0) lines.push('states after it (left | right):');
  for (const { path, left: a, right: b } of diff.state.slice(0, 20)) {
    const [node, ...rest] = path;
    const name = left.header.nodes[Number(node)] ?? `node ${node}`;
    lines.push(`  ${name} ${pathText(rest)}: ${valueText(a)} | ${valueText(b)}`);
  }
  if (diff.state.length > 20) lines.push(`  and ${diff.state.length - 20} more`);
  return `${lines.join('\n')}\n`;
}

function compare(a: TraceEvent, b: TraceEvent): TraceDiff['what'] {
  if (same(a, b)) return null;
  if (labelOf(a) !== labelOf(b) || a.content !== b.content) return 'event';
  if (a.at !== b.at) return 'time';
  if (!same(a.sends, b.sends)) return 'sends';
  return same(a.changes, b.changes) ? 'effects' : 'state';
}

function headline({ index, what, left, right }: TraceDiff): string {
  const at = `first difference at event ${index}`;
  if (index === -1) return 'the nodes differ from the beginning';
  if (what === 'end') return `${at}: the ${left === null ? 'left' : 'right'} trace has ended`;
  if (what === 'time' && left !== null && right !== null) {
    return `${at}: it happens at ${milliseconds(left.at)} or at ${milliseconds(right.at)}`;
  }
  if (what === 'event') return `${at}: another event happens`;
  if (what === 'sends') return `${at}: it sends other messages`;
  return what === 'state' ? `${at}: it changes the state in another way` : `${at}: see below`;
}

function side(mark: string, header: TraceHeader, event: TraceEvent | null): string[] {
  if (event === null) return [];
  const sends = (event.sends ?? []).map((send) => `${mark}        ${sendText(header, send)}`);
  return [`${mark} ${eventLine(header, event)}`, ...sends];
}

function statesAt(left: Trace, right: Trace, index: number): Difference[] {
  return differences(stateAt(left, index), stateAt(right, index));
}
