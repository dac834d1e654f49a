/** Why a violation happened: the facts in conflict, and the events they go back to. */
import type { Trace, TracedViolation, TraceEvent } from './format.ts';
import { eventLine } from './line.ts';
import { milliseconds } from './text.ts';

export interface Explanation {
  readonly violation: TracedViolation;
  /** Every event that happened before it (Lamport, 1978), itself included, in order. */
  readonly causes: readonly number[];
  /**
   * The line of messages, timers and faults that led to the facts: each event, what made it, what
   * made that, and so on. The shortest story that is still true.
   */
  readonly chain: readonly number[];
}

/** Null when the trace has no violation. */
export function explain(trace: Trace): Explanation | null {
  const violation = violationOf(trace);
  if (violation === null) return null;
  const { events } = trace;
  const roots = [violation.event, ...violation.facts.flatMap(({ event }) => event ?? [])].filter(
    (index) => events[index] !== undefined,
  );
  const causes = slice(events, roots, ({ cause, previous }) => [cause, previous]);
  const chain = slice(events, roots, ({ cause }) => [cause]);
  // A fault has no effect through a message: it belongs to the story when it came before it.
  const faults = events.filter(({ kind, index }) => kind === 'fault' && index <= violation.event);
  const story = new Set([...chain, ...faults.map(({ index }) => index)]);
  return { violation, causes, chain: [...story].sort((a, b) => a - b) };
}

/** The explanation as text: the facts, then the chain, one line an event; at most `limit` lines. */
export function explainText(trace: Trace, limit = 40): string {
  const explanation = explain(trace);
  if (explanation === null) {
    const part = trace.footer === null ? 'the part of this trace that can be read' : 'this trace';
    return `no invariant is violated in ${part}\n`;
  }
  const { violation, causes, chain } = explanation;
  const { header, events } = trace;
  const where = violation.node === null ? '' : `, ${violation.node}`;
  const lines = [
    `${violation.invariant} violated at event ${violation.event}` +
      ` (${milliseconds(violation.at)}${where})`,
    `  ${violation.message}`,
  ];
  if (violation.facts.length > 0) lines.push('', 'Facts in conflict');
  for (const fact of violation.facts) {
    const event = fact.event === undefined ? undefined : events[fact.event];
    const when = event === undefined ? '' : `  (event ${event.index}, ${milliseconds(event.at)})`;
    const who = fact.node === undefined || fact.text.includes(fact.node) ? '' : `${fact.node}: `;
    lines.push(`  ${who}${fact.text}${when}`);
  }
  lines.push(
    '',
    `Why  (${causes.length} of ${events.length} events happened before it; ` +
      `${chain.length} lead to it directly)`,
  );
  const left = Math.max(0, chain.length - limit);
  if (left > 0) lines.push(`  … ${left} earlier`);
  const marks = factMarks(violation);
  for (const index of chain.slice(left)) {
    const mark = marks.get(index);
    const line = eventLine(header, events[index] as TraceEvent);
    lines.push(mark === undefined ? `  ${line}` : `  ${line}   ← ${mark}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Of the event in which it was seen, or of the end of the run. */
function violationOf({ events, footer }: Trace): TracedViolation | null {
  return footer?.violation ?? events.at(-1)?.violation ?? null;
}

function factMarks({ event, facts }: TracedViolation): Map<number, string> {
  const marks = new Map([[event, 'violation']]);
  facts.forEach((fact, i) => {
    if (fact.event === undefined) return;
    const before = marks.get(fact.event);
    const mark = `fact ${i + 1}`;
    marks.set(fact.event, before === undefined ? mark : `${before}, ${mark}`);
  });
  return marks;
}

/** Everything that can be reached backwards from the roots, in order. */
function slice(
  events: readonly TraceEvent[],
  roots: readonly number[],
  back: (event: TraceEvent) => readonly (number | undefined)[],
): number[] {
  const reached = new Set<number>();
  const open = [...roots];
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    const event = events[index];
    if (event === undefined || reached.has(index)) continue;
    reached.add(index);
    for (const before of back(event)) if (before !== undefined) open.push(before);
  }
  return [...reached].sort((a, b) => a - b);
}
