/** Small words that all texts about traces share. */
import { hex32 } from '../engine/index.ts';
import { nameOf, type TracedSend, type TraceHeader } from './format.ts';

/** Microseconds as `104.250ms`. */
export function milliseconds(us: number): string {
  return `${Math.floor(us / 1000)}.${String(us % 1000).padStart(3, '0')}ms`;
}

/** `n2->n1 Vote#1a2b3c4d (dropped by partition)` */
export function sendText(header: TraceHeader, send: TracedSend): string {
  const { from, to, type, content, dropped } = send;
  const link = `${nameOf(header, from)}->${nameOf(header, to)}`;
  const end = dropped === undefined ? '' : ` (dropped by ${dropped})`;
  return `${link} ${type}#${hex32(content)}${end}`;
}

/** A value on one line, at most `limit` characters; `absent` when there is none. */
export function valueText(value: unknown, limit = 60): string {
  if (value === undefined) return 'absent';
  const text = JSON.stringify(value);
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}

/** `log[3].term`; the empty path is the whole. */
export function pathText(path: readonly (string | number)[]): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (!/^[\w-]+$/.test(step)) text += `[${JSON.stringify(step)}]`;
    else text += text === '' ? step : `.${step}`;
  }
  return text;
}
