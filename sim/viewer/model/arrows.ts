/** The arrows of the space-time diagram that a window of rows shows. */
import { EventKind } from '../../engine/event.ts';
import { Flag } from './columns.ts';
import type { Effects } from './causes.ts';
import type { Store } from './store.ts';

export interface Arrow {
  /** The event that sent it. */
  readonly fromEvent: number;
  /** The event in which it arrived; null: it never did. */
  readonly toEvent: number | null;
  readonly from: number;
  readonly to: number;
  readonly type: string;
  /** `lost`: it arrived at a node that was down. `open`: it was on its way when the run ended. */
  readonly fate: 'arrived' | 'dropped' | 'lost' | 'open';
  /** It arrived more than once. */
  readonly isTwin: boolean;
}

const isMessage = (kind: number) =>
  kind === EventKind.message || kind === EventKind.request || kind === EventKind.response;

/** How far behind the window senders are looked for that reach past it. */
const REACH = 4000;

/** All arrows that touch events of [from, to); `limit` at most. */
export function arrowsIn(
  store: Store,
  effects: Effects,
  from: number,
  to: number,
  limit = 2000,
): Arrow[] {
  const { columns, scanned, first } = store;
  const last = Math.min(to, scanned);
  const arrows: Arrow[] = [];
  for (let i = Math.max(from, first); i < last && arrows.length < limit; i++) {
    if (isMessage(columns.kind[i] as number)) {
      const sender = columns.cause[i] as number;
      // Those that begin inside the window are found with their sender.
      if (sender >= 0 && sender < from) arrows.push(arrival(store, sender, i, false));
    }
    arrows.push(...sentBy(store, effects, i));
  }
  // What passes the whole window without touching it.
  const end = Math.min(scanned, last + REACH);
  for (let i = last; i < end && arrows.length < limit; i++) {
    const sender = columns.cause[i] as number;
    if (sender >= first && sender < from && isMessage(columns.kind[i] as number)) {
      arrows.push(arrival(store, sender, i, false));
    }
  }
  return arrows;
}

/** The messages that an event sent, and what became of them. */
export function sentBy(store: Store, effects: Effects, index: number): Arrow[] {
  const arrivals = [...effects.of(index)].filter((child) =>
    isMessage(store.columns.kind[child] as number),
  );
  const event = store.event(index);
  const arrows: Arrow[] = [];
  const taken = new Set<number>();
  for (const { from, to, type, content, dropped } of event.sends ?? []) {
    const common = { fromEvent: index, from, to, type };
    if (dropped !== undefined) {
      arrows.push({ ...common, toEvent: null, fate: 'dropped', isTwin: false });
      continue;
    }
    const found = arrivals.find((child) => {
      if (taken.has(child) || store.columns.actor[child] !== to) return false;
      if (store.columns.from[child] !== from) return false;
      return store.event(child).content === content;
    });
    if (found === undefined) {
      arrows.push({ ...common, toEvent: null, fate: 'open', isTwin: false });
    } else {
      taken.add(found);
      arrows.push(arrival(store, index, found, false));
    }
  }
  // A network that duplicates delivers what was sent once a second time.
  for (const child of arrivals) {
    if (!taken.has(child)) arrows.push(arrival(store, index, child, true));
  }
  return arrows;
}

function arrival({ columns, stems }: Store, sender: number, index: number, isTwin: boolean): Arrow {
  const isLost = ((columns.flags[index] as number) & Flag.lost) !== 0;
  return {
    fromEvent: sender,
    toEvent: index,
    from: columns.from[index] as number,
    to: columns.actor[index] as number,
    type: stems.texts[columns.stem[index] as number]?.split(' ')[1] ?? '',
    fate: isLost ? 'lost' : 'arrived',
    isTwin,
  };
}
