/** One trace on the page: its store, where its cursor is, which of its rows are shown. */
import { computed, effect, signal, type Signal } from '@preact/signals';
import { nameOf, type TraceEvent } from '../../trace/format.ts';
import type { ClusterState } from '../../trace/state.ts';
import { Effects, whyViolated, type Why } from '../model/causes.ts';
import { filterRows } from '../model/filter.ts';
import { States } from '../model/states.ts';
import type { Store } from '../model/store.ts';

/** What both sides share: the filter's text, and what is done about causes. */
export const filterText = signal('');
/** 0: nothing; 1: what did not lead to the violation is dim; 2: it is hidden. */
export const slice = signal<0 | 1 | 2>(0);

export class Side {
  readonly name: string;
  readonly store: Store;
  readonly states: States;
  /** The sentence of a damaged or shortened file. */
  readonly problem: string | null;
  /** The event at the cursor; one less than the first: before it. */
  readonly step: Signal<number>;
  /** How many events have been looked at so far. */
  readonly scanned: Signal<number>;
  /** Set when all have been. */
  readonly effects: Signal<Effects | null> = signal(null);
  readonly why: Signal<Why | null> = signal(null);
  /** Events that the other trace does not have; null: there is no other one. */
  readonly alone: Signal<((index: number) => boolean) | null> = signal(null);
  /** The row at the top of the window, and how many there are in it. */
  readonly top = signal(0);
  readonly visible = signal(20);

  private readonly filtered = computed(() => {
    const text = filterText.value;
    // A number that grows in slices: rows that come later join then.
    return this.scanned.value >= 0 && text.trim() !== '' ? filterRows(this.store, text) : null;
  });

  /** The events of the rows; null: all of them. */
  readonly rows = computed((): Int32Array | null => {
    const chain = slice.value === 2 ? (this.why.value?.chain ?? null) : null;
    if (chain === null) return this.filtered.value;
    const shown = this.filtered.value;
    const among = shown === null ? null : new Set(shown);
    return Int32Array.from(among === null ? chain : chain.filter((index) => among.has(index)));
  });

  readonly rowCount = computed(
    () => this.rows.value?.length ?? this.store.count - this.store.first,
  );

  /** The states of all nodes after the event at the cursor. */
  readonly cluster = computed((): ClusterState => this.states.at(this.step.value));

  constructor(name: string, store: Store, problem: string | null) {
    this.name = name;
    this.store = store;
    this.problem = problem;
    this.states = new States(store);
    const { violation } = store;
    this.step = signal(Math.min(violation?.event ?? store.first, store.count - 1));
    this.scanned = signal(store.scanned);
    effect(() => {
      if (this.scanned.value < store.count || this.effects.peek() !== null) return;
      this.effects.value = new Effects(store);
      if (violation !== null) this.why.value = whyViolated(store, violation);
    });
  }

  /** The event at the cursor; null before the first. */
  get event(): TraceEvent | null {
    const index = this.step.value;
    return index >= this.store.first && index < this.store.count ? this.store.event(index) : null;
  }

  eventOf(row: number): number {
    return this.rows.value?.[row] ?? row + this.store.first;
  }

  /** The row of an event, or of the nearest one before it that is shown. */
  rowOf(index: number): number {
    const rows = this.rows.value;
    if (rows === null) return index - this.store.first;
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((rows[middle] as number) <= index) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  nameOf(actor: number): string {
    return nameOf(this.store.header, actor);
  }

  /** Moves the cursor to an event that the file holds. */
  go(index: number): void {
    const { first, count } = this.store;
    this.step.value = Math.max(first - 1, Math.min(count - 1, index));
  }
}
