/** What could happen next at a step, as far as the trace tells: it happens later, or never. */
import { identityOf, nameOf } from '../../trace/format.ts';
import { hex32 } from '../../engine/hash.ts';
import { kindNames } from '../../engine/event.ts';
import type { Effects } from './causes.ts';
import { sentBy } from './arrows.ts';
import type { Store } from './store.ts';

export interface PendingItem {
  /** What it is called: `n2<-n1 Vote#1a2b3c4d`, `n1 election`. */
  readonly identity: string;
  readonly kind: string;
  readonly actor: number;
  /** The event that made it; -1: the beginning. */
  readonly cause: number;
  /** When it happens in this run; null: it does not. */
  readonly happens: number | null;
}

/** Events that are looked through before and after the step. */
const REACH = 5000;

/** What is pending after event `index`, in the order in which it will happen. */
export function pendingAfter(store: Store, effects: Effects, index: number): PendingItem[] {
  const { columns, count, first, header, stems } = store;
  const items: PendingItem[] = [];
  const end = Math.min(count, index + 1 + REACH);
  for (let i = index + 1; i < end; i++) {
    const cause = columns.cause[i] as number;
    const kind = kindNames[columns.kind[i] as number] as string;
    if (cause > index || kind === 'fault') continue;
    const stem = stems.texts[columns.stem[i] as number] ?? '';
    const isMessage = kind === 'message' || kind === 'request' || kind === 'response';
    const identity = isMessage ? identityOf(store.event(i)) : stem;
    items.push({ identity, kind, actor: columns.actor[i] as number, cause, happens: i });
  }
  for (let i = Math.max(first, index - REACH); i <= index; i++) {
    if (store.event(i).sends === undefined) continue;
    const sends = store.event(i).sends ?? [];
    for (const arrow of sentBy(store, effects, i)) {
      if (arrow.fate !== 'open') continue;
      const send = sends.find(({ to, type }) => to === arrow.to && type === arrow.type);
      const names = `${nameOf(header, arrow.to)}<-${nameOf(header, arrow.from)}`;
      const identity = `${names} ${arrow.type}#${hex32(send?.content ?? 0)}`;
      items.push({ identity, kind: 'message', actor: arrow.to, cause: i, happens: null });
    }
  }
  return items;
}
