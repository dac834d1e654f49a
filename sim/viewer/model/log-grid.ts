/** The replicated logs of all nodes as one table: a row per node, a column per position. */
import type { TracedNode } from '../../trace/format.ts';
import { isFields, projectionOf, valueAt } from './project.ts';

export interface LogCell {
  readonly position: number;
  /** Term or ballot; null: the slot is empty (a hole). */
  readonly term: number | null;
  readonly text: string;
  /** As far as the node itself knows. */
  readonly isDecided: boolean;
  /** Another node has something else at this position. */
  readonly conflicts: boolean;
  /** What was counted for it, such as `prepared 2/3`; '' when nothing is. */
  readonly votes: string;
}

export interface LogRow {
  readonly node: string;
  readonly role: string;
  readonly epoch: number;
  readonly status: TracedNode['status'];
  /** Positions up to here are folded away in a snapshot. */
  readonly base: number;
  readonly cells: readonly LogCell[];
  readonly commit: number;
  readonly applied: number;
  /** By node, where this one leads: how far it has followed, and what it is sent next. */
  readonly match: readonly { node: string; match: number; next: number }[];
}

export interface LogGrid {
  readonly rows: readonly LogRow[];
  readonly from: number;
  readonly to: number;
}

/** Positions that are shown at most: the last ones. */
const SHOWN = 40;

/** Null when no node keeps anything like a log. */
export function logGridOf(
  names: readonly string[],
  cluster: readonly TracedNode[],
): LogGrid | null {
  const read = cluster.map((node) => readLog(node));
  if (read.every((log) => log === null)) return null;
  const last = Math.max(0, ...read.map((log) => log?.last ?? 0));
  const from = Math.max(1, last - SHOWN + 1);
  const rows = cluster.map((node, i): LogRow => {
    const { role, epoch, status } = projectionOf(node);
    const log = read[i] ?? null;
    const name = names[i] as string;
    const cells: LogCell[] = [];
    for (let position = from; position <= (log?.last ?? 0); position++) {
      const slot = log?.slots.get(position);
      if (slot === undefined && position <= (log?.base ?? 0)) continue;
      cells.push({
        position,
        term: slot?.term ?? null,
        text: slot?.text ?? '',
        isDecided: slot?.isDecided ?? position <= (log?.commit ?? 0),
        conflicts: slot !== undefined && disagrees(read, position, slot),
        votes: slot?.votes ?? '',
      });
    }
    const marks = { commit: log?.commit ?? 0, applied: log?.applied ?? 0, match: matchOf(node) };
    return { node: name, role, epoch, status, base: log?.base ?? 0, cells, ...marks };
  });
  return { rows, from, to: last };
}

interface Slot {
  readonly term: number | null;
  readonly text: string;
  readonly isDecided?: boolean;
  readonly votes?: string;
}

interface ReadLog {
  readonly base: number;
  readonly last: number;
  readonly commit: number;
  readonly applied: number;
  readonly slots: ReadonlyMap<number, Slot>;
}

function readLog({ state }: TracedNode): ReadLog | null {
  if (!isFields(state)) return null;
  const commit = numberOf(state['commitIndex'] ?? state['decided'] ?? state['committed']);
  const applied = numberOf(state['lastApplied'] ?? state['applied'] ?? state['lastExecuted']);
  const { log } = state;
  if (isFields(log) && Array.isArray(log['entries'])) {
    const base = numberOf(log['baseIndex']);
    const entries = log['entries'] as unknown[];
    const slots = new Map(entries.map((entry, i) => [base + i + 1, slotOf(entry)]));
    return { base, last: base + entries.length, commit, applied, slots };
  }
  const table = ['slots', 'accepted', 'log', 'instances', 'sequences', 'entries']
    .map((field) => state[field])
    .find((value) => isSlots(value));
  if (table === undefined) return null;
  const slots = new Map<number, Slot>();
  for (const [key, value] of Object.entries(table as object)) {
    // A list counts from 0, a mapping by its own keys.
    if (value !== null)
      slots.set(Array.isArray(table) ? Number(key) + 1 : Number(key), slotOf(value));
  }
  return { base: 0, last: Math.max(0, ...slots.keys()), commit, applied, slots };
}

/** Records under numbers: the slots of Paxos, the sequence numbers of PBFT. */
function isSlots(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const entries = Object.entries(value);
  return entries.length > 0 && entries.every(([key, one]) => /^\d+$/.test(key) && isFields(one));
}

function slotOf(value: unknown): Slot {
  if (!isFields(value)) return { term: null, text: JSON.stringify(value) };
  const term = value['term'] ?? value['ballot'] ?? value['view'];
  const number = typeof term === 'number' ? term : numberOrNull(valueAt(term, ['round']));
  const content = value['request'] ?? value['command'] ?? value['value'] ?? value['digest'] ?? null;
  const counts = ['prepares', 'commits', 'accepts', 'acks'].flatMap((field) => {
    const votes = value[field];
    if (Array.isArray(votes)) return [`${field} ${votes.length}`];
    return isFields(votes) ? [`${field} ${Object.keys(votes).length}`] : [];
  });
  const decided = value['decided'] ?? value['chosen'] ?? value['committed'];
  return {
    term: number,
    text: commandText(content),
    votes: counts.join(' · '),
    ...(typeof decided === 'boolean' ? { isDecided: decided } : {}),
  };
}

/** `put x=1`; `no-op` where there is nothing. */
function commandText(content: unknown): string {
  if (content === null || content === undefined) return 'no-op';
  if (!isFields(content)) return wordOf(content);
  const command = isFields(content['command']) ? content['command'] : content;
  const { type, key, value, ...rest } = command;
  if (type === undefined) return JSON.stringify(content);
  const what = key === undefined ? JSON.stringify(rest).replaceAll(/[{}"]/g, '') : wordOf(key);
  const end = value === undefined ? '' : `=${wordOf(value)}`;
  return `${wordOf(type)} ${what}${end}`;
}

/** A text without its quotation marks. */
function wordOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

function disagrees(logs: readonly (ReadLog | null)[], position: number, slot: Slot): boolean {
  return logs.some((log) => {
    const other = log?.slots.get(position);
    return other !== undefined && (other.term !== slot.term || other.text !== slot.text);
  });
}

function matchOf({ state }: TracedNode): LogRow['match'] {
  if (!isFields(state) || !isFields(state['progress'])) return [];
  return Object.entries(state['progress']).flatMap(([node, value]) =>
    isFields(value)
      ? [{ node, match: numberOf(value['matchIndex']), next: numberOf(value['nextIndex']) }]
      : [],
  );
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
