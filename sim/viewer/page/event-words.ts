/** An event in words: a glyph and a line for the list, a sentence for those who listen. */
import { resolvedLabel, consequences } from '../../trace/line.ts';
import { milliseconds } from '../../trace/text.ts';
import type { TraceEvent } from '../../trace/format.ts';
import type { Side } from './side.ts';

export interface EventWords {
  readonly glyph: string;
  readonly text: string;
  readonly rest: string;
  /** For the style sheet. */
  readonly tone: 'violation' | 'fault' | 'lost' | 'leader' | 'client' | 'plain';
}

export function wordsOf(side: Side, event: TraceEvent): EventWords {
  const { header, gathered } = side.store;
  const text = resolvedLabel(event);
  const rest = consequences(header, event).join('  ');
  const isLeader = gathered.elections.includes(event.index);
  if (event.violation !== undefined) return { glyph: '▲!', text, rest, tone: 'violation' };
  if (event.kind === 'fault') return { glyph: '■', text, rest, tone: 'fault' };
  if (event.lost === true) return { glyph: '✕', text, rest, tone: 'lost' };
  if (isLeader) return { glyph: '★', text, rest: `leads  ${rest}`, tone: 'leader' };
  switch (event.kind) {
    case 'timer':
    case 'client-timer':
      return { glyph: '◇', text, rest, tone: 'plain' };
    case 'invoke':
      return { glyph: '◆', text, rest, tone: 'client' };
    case 'request':
    case 'response':
      return { glyph: '●', text, rest, tone: 'client' };
    case 'disk':
      return { glyph: '▬', text, rest, tone: 'plain' };
    default:
      return { glyph: '●', text, rest, tone: 'plain' };
  }
}

/** `step 61, 118.000ms, n1: violation raft/election-safety, …` */
export function spoken(side: Side, event: TraceEvent): string {
  const { text, rest } = wordsOf(side, event);
  const name = side.nameOf(event.actor);
  const bad = event.violation === undefined ? '' : `violation ${event.violation.invariant}, `;
  return `step ${event.index}, ${milliseconds(event.at)}, ${name}: ${bad}${text} ${rest}`.trim();
}
