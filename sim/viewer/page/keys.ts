/** The keyboard: every key with what it does, for the help and for the page. */
import { active, go, goRows, isHelpOpen, isPlaying, node, rowHeight } from './app-state.ts';
import { say, side, sides, tab } from './app-state.ts';
import { alongChain, otherEnd, sameActor, toViolation } from './moves.ts';
import { filterText, slice } from './side.ts';

interface Key {
  readonly keys: readonly string[];
  readonly what: string;
  run(): void;
}

export const keys: readonly Key[] = [
  { keys: ['j', 'ArrowDown'], what: 'next event', run: () => goRows(1) },
  { keys: ['k', 'ArrowUp'], what: 'previous event', run: () => goRows(-1) },
  { keys: ['PageDown'], what: 'a page on', run: () => goRows(20) },
  { keys: ['PageUp'], what: 'a page back', run: () => goRows(-20) },
  { keys: ['Home'], what: 'first event', run: () => goRows(-1e9) },
  { keys: ['End'], what: 'last event', run: () => goRows(1e9) },
  { keys: ['['], what: 'previous event of this node', run: () => sameActor(-1) },
  { keys: [']'], what: 'next event of this node', run: () => sameActor(1) },
  { keys: ['s'], what: 'from a message to where it was sent, and back', run: otherEnd },
  { keys: ['v'], what: 'the violation', run: toViolation },
  { keys: ['n'], what: 'next event that led to it', run: () => alongChain(1) },
  { keys: ['N'], what: 'previous event that led to it', run: () => alongChain(-1) },
  { keys: ['w'], what: 'why: all events, the others dim, only the causes', run: cycleSlice },
  { keys: ['/'], what: 'filter', run: () => focusOn('filter') },
  { keys: ['g'], what: 'go to a step', run: () => focusOn('step') },
  { keys: ['u'], what: 'run until', run: () => focusOn('until') },
  { keys: ['f'], what: 'fork from here', run: () => openTab('fork') },
  { keys: ['l'], what: 'logs of all nodes', run: () => openTab('log') },
  { keys: ['i'], what: 'the message', run: () => openTab('message') },
  { keys: ['t'], what: 'state of the node', run: () => openTab('state') },
  { keys: ['c'], what: 'to the other trace', run: otherTrace },
  { keys: ['p', ' '], what: 'play, pause', run: () => void (isPlaying.value = !isPlaying.value) },
  { keys: ['+'], what: 'higher rows', run: () => zoom(4) },
  { keys: ['-'], what: 'lower rows', run: () => zoom(-4) },
  { keys: ['?'], what: 'these keys', run: () => void (isHelpOpen.value = !isHelpOpen.value) },
  { keys: ['Escape'], what: 'close, clear the filter', run: escape },
];

const table = new Map(keys.flatMap((entry) => entry.keys.map((key) => [key, entry] as const)));

/** Listens at the whole page, except where somebody writes. */
export function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const target = event.target as HTMLElement | null;
  const isWriting =
    target?.matches('input:not([type=range],[type=radio]), textarea, select') === true;
  if (isWriting) {
    if (event.key === 'Escape') {
      target?.blur();
      focusOn('rows');
    }
    return;
  }
  // A button is pressed by the blank, a range is moved by its own keys.
  if (event.key === ' ' && target?.matches('button, summary, input, a') === true) return;
  const isArrow = event.key.startsWith('Arrow') || event.key === 'Home' || event.key === 'End';
  const ownsArrows = target?.matches('[role=tab], input[type=range], input[type=radio]') === true;
  if (isArrow && ownsArrows) return;
  const found = table.get(event.key);
  if (found === undefined) return;
  event.preventDefault();
  found.run();
}

export function focusOn(id: string): void {
  const suffix = id === 'rows' ? `-${active.value}` : '';
  const element = document.getElementById(`${id}${suffix}`);
  element?.focus();
  if (element instanceof HTMLInputElement) element.select();
}

function openTab(name: typeof tab.value): void {
  tab.value = name;
  document.getElementById(`tab-${name}`)?.focus();
}

function cycleSlice(): void {
  if ((side.value?.why.value ?? null) === null) return say('there is no violation to explain');
  slice.value = slice.value === 2 ? 0 : slice.value === 1 ? 2 : 1;
  say(
    ['all events', 'what did not lead to the violation is dim', 'only its causes'][slice.value] ??
      '',
  );
}

function otherTrace(): void {
  if (sides.value.length < 2) return say('there is one trace: fork it, or open a second one');
  active.value = 1 - active.value;
  focusOn('rows');
}

function zoom(by: number): void {
  rowHeight.value = Math.max(16, Math.min(40, rowHeight.value + by));
}

function escape(): void {
  if (isHelpOpen.value) isHelpOpen.value = false;
  else if (filterText.value !== '') filterText.value = '';
  else node.value = '';
  isPlaying.value = false;
  go(side.value?.step.value ?? 0);
}
