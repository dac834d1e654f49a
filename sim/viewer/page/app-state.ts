/** What is on the page: one trace or two, what is looked at, and the ways to change it. */
import { batch, computed, effect, signal, type Signal } from '@preact/signals';
import { align, follow, type Alignment } from '../model/align.ts';
import type { PlayedLesson } from '../model/lesson.ts';
import { formatHash, parseHash } from '../model/permalink.ts';
import type { PageSource } from '../model/source.ts';
import { openStore } from '../model/store.ts';
import { filterText, Side, slice } from './side.ts';

export const tabs = [
  'state',
  'log',
  'message',
  'why',
  'pending',
  'clients',
  'fork',
  'scenario',
] as const;
export type Tab = (typeof tabs)[number];

export const sides: Signal<readonly Side[]> = signal([]);
/** Which of the two traces the keys and the inspector are about. */
export const active = signal(0);
export const tab = signal<Tab>('state');
/** The node that the inspector shows; '': the one of the event. */
export const node = signal('');
export const isHelpOpen = signal(false);
export const problem: Signal<string | null> = signal(null);
/** Read aloud, and shown for a moment. */
export const notice = signal('');
export const isPlaying = signal(false);
export const lesson: Signal<PlayedLesson | null> = signal(null);
export const source: Signal<PageSource> = signal({ traces: [] });
/** Rows are this high: zooming changes it. */
export const rowHeight = signal(24);

export const side = computed((): Side | null => sides.value[active.value] ?? null);

const alignment = computed((): Alignment | null => {
  const [left, right] = sides.value;
  if (left === undefined || right === undefined) return null;
  if (left.effects.value === null || right.effects.value === null) return null;
  return align(left.store, right.store);
});

/** The first event in which two traces differ; null: there is one trace, or they do not. */
export const divergence = computed(() => {
  const found = alignment.value;
  const [left, right] = sides.value;
  if (found === null || left === undefined || right === undefined) return null;
  const isSame = found.divergence >= Math.max(left.store.count, right.store.count);
  return isSame ? null : found.divergence;
});

/** Opens bytes as a trace; shows why when it cannot. */
export function openSide(name: string, bytes: Uint8Array, isChecked = false): Side | null {
  const { store, problem: sentence } = openStore(bytes, isChecked);
  if (store !== null) {
    const opened = new Side(name, store, sentence);
    scanOn(opened);
    return opened;
  }
  problem.value = `${name}: ${sentence ?? 'it is empty'}`;
  return null;
}

/** Looks through the rest of a long trace without keeping anybody waiting. */
function scanOn(opened: Side, told = 0): void {
  const now = performance.now();
  const isDone = opened.store.scan(() => performance.now() > now + 24);
  // Drawing anew after every slice would take longer than the slices.
  const isTime = isDone || now - told > 300;
  if (isTime) opened.scanned.value = opened.store.scanned;
  if (!isDone) setTimeout(() => scanOn(opened, isTime ? now : told), 0);
}

/** Shows these traces; the cursor of the first stays where it was when `keeps`. */
export function show(list: readonly Side[], shown = 0): void {
  batch(() => {
    sides.value = list;
    active.value = Math.min(shown, list.length - 1);
  });
}

/** Shows a second trace beside the first, at its own end of the common part. */
export function showBeside(second: Side): void {
  const [first] = sides.value;
  if (first !== undefined) show([first, second], 1);
}

/** Marks what only one of two traces has. */
effect(() => {
  const found = alignment.value;
  const [left, right] = sides.value;
  if (left === undefined) return;
  if (found === null || right === undefined) {
    left.alone.value = null;
    return;
  }
  left.alone.value = (index) => (found.toRight[index] ?? -1) < 0;
  right.alone.value = (index) => (found.toLeft[index] ?? -1) < 0;
});

/** Moves the cursor of the active trace; the other one follows to the same event. */
export function go(index: number): void {
  const own = side.value;
  if (own === null) return;
  batch(() => {
    own.go(index);
    const found = alignment.value;
    const other = sides.value[1 - active.value];
    if (found === null || other === undefined) return;
    const map = active.value === 0 ? found.toRight : found.toLeft;
    other.go(follow(map, own.step.value));
  });
}

/** Moves by rows that are shown. */
export function goRows(rows: number): void {
  const own = side.value;
  if (own === null || own.rowCount.value === 0) return;
  const row = own.rowOf(own.step.value);
  const isBetween = row >= 0 && own.eventOf(row) !== own.step.value;
  const target = isBetween && rows < 0 ? row + rows + 1 : row + rows;
  // One step before the first event shows the beginning.
  if (row <= 0 && rows === -1 && own.rows.value === null) return go(own.store.first - 1);
  go(own.eventOf(Math.max(0, Math.min(own.rowCount.value - 1, target))));
}

export function say(text: string): void {
  notice.value = text;
}

/** Takes the place that the address names. */
export function readAddress(): void {
  const place = parseHash(location.hash);
  batch(() => {
    if (place.filter !== undefined) filterText.value = place.filter;
    if (place.slice !== undefined) slice.value = place.slice;
    if (place.node !== undefined) node.value = place.node;
    const named = tabs.find((one) => one === place.tab);
    if (named !== undefined) tab.value = named;
    if (place.step !== undefined) go(place.step);
  });
}

/** Keeps the address up to date, so that a copy of it leads back. */
export function writeAddress(): void {
  effect(() => {
    const step = sides.value[0]?.step.value;
    if (step === undefined) return;
    const place = {
      step,
      node: node.value,
      slice: slice.value,
      filter: filterText.value,
      tab: tab.value === 'state' ? '' : tab.value,
    };
    history.replaceState(null, '', formatHash(place));
  });
}
