/** One event as one line of text, and its changes of state in a few words. */
import { describeCommand, type Command, type FaultAction } from '../engine/index.ts';
import { labelOf, nameOf, type Change, type Patch, type TraceEvent } from './format.ts';
import type { TraceHeader } from './format.ts';
import { milliseconds, pathText, valueText } from './text.ts';

/** `   61  118.000ms  n1<-n3 Vote term=2`, then what it brought about, after two blanks each. */
export function eventLine(header: TraceHeader, event: TraceEvent): string {
  const index = String(event.index).padStart(5);
  const time = milliseconds(event.at).padStart(11);
  return [`${index}  ${time}  ${resolvedLabel(event)}`, ...consequences(header, event)].join('  ');
}

/** The label; of a fault with the names as they were resolved: `fault crash nodes=[n1]`. */
export function resolvedLabel(event: TraceEvent): string {
  const { fault } = event;
  if (fault === undefined) return labelOf(event);
  return `fault ${describeCommand({ ...(fault as FaultAction), type: fault.kind })}`;
}

/** What an event brought about: `lost`, drops, changed fields, outcomes, a violation. */
export function consequences(header: TraceHeader, event: TraceEvent): string[] {
  const words: string[] = [];
  if (event.lost === true) words.push('(lost: the node is down)');
  if (event.invoked !== undefined) {
    const { sequence, command } = event.invoked;
    words.push(`#${sequence} ${describeCommand(command as Command)}`);
  }
  for (const { to, type, dropped } of event.sends ?? []) {
    if (dropped !== undefined) words.push(`(${type} to ${nameOf(header, to)} lost: ${dropped})`);
  }
  for (const change of event.changes ?? []) {
    const node = change.node === event.actor ? '' : `${nameOf(header, change.node)} `;
    const list = changedFields(change);
    const shown = list.slice(0, 3).join(', ');
    const more = list.length > 3 ? `, and ${list.length - 3} more` : '';
    words.push(`[${node}${shown}${more}]`);
  }
  for (const { client, sequence, completion } of event.outcomes ?? []) {
    const end = completion.type === 'ok' ? valueText(completion.value) : completion.error;
    const name = header.clients[client] ?? `client ${client}`;
    words.push(`(${name} #${sequence} ${completion.type}: ${end})`);
  }
  if (event.violation !== undefined) words.push(`VIOLATION ${event.violation.invariant}`);
  return words;
}

/** `role: "follower" → "leader"`, one text for each patch. */
export function changedFields({ patches, inverse }: Change): string[] {
  const before = new Map(inverse.map((patch) => [key(patch), patch.value]));
  return patches.map((patch) => {
    const path = pathText(patch.path[0] === 'state' ? patch.path.slice(1) : patch.path);
    const place = path === '' ? 'state' : path;
    if (patch.op === 'remove') return `${place} removed`;
    const old = before.get(key(patch));
    const value = valueText(patch.value, 40);
    if (patch.op === 'add' || old === undefined) return `${place} = ${value}`;
    return `${place}: ${valueText(old, 40)} → ${value}`;
  });
}

function key({ path }: Patch): string {
  return pathText(path);
}
