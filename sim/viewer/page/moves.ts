/** Jumps from event to event: along a node, along a message, to faults and violations. */
import { runUntil } from '../model/predicate.ts';
import { sentBy } from '../model/arrows.ts';
import { go, say, side } from './app-state.ts';

/** The event before (-1) or behind (1) at the same actor. */
export function sameActor(direction: -1 | 1): void {
  const own = side.value;
  if (own === null) return;
  const { columns, first, count } = own.store;
  const from = own.step.value;
  const actor = columns.actor[from] ?? 0;
  for (let i = from + direction; i >= first && i < count; i += direction) {
    if (columns.actor[i] === actor) return go(i);
  }
  say(`${own.nameOf(actor)} has no event ${direction < 0 ? 'before' : 'after'} this one`);
}

/** From an arrival to the event that sent it; from a sender to its first arrival. */
export function otherEnd(): void {
  const own = side.value;
  const event = own?.event ?? null;
  const effects = own?.effects.value ?? null;
  if (own === null || event === null || effects === null) return;
  if (event.from !== undefined && event.cause !== undefined) return go(event.cause);
  const arrow = sentBy(own.store, effects, event.index).find(({ toEvent }) => toEvent !== null);
  if (arrow?.toEvent !== undefined && arrow.toEvent !== null) go(arrow.toEvent);
  else say('this event neither received nor sent a message that arrived');
}

export function toViolation(): void {
  const own = side.value;
  const violation = own?.store.violation ?? null;
  if (violation === null) say('no invariant is violated in this trace');
  else go(violation.event);
}

/** The next or previous event of the chain that leads to the violation. */
export function alongChain(direction: -1 | 1): void {
  const own = side.value;
  const chain = own?.why.value?.chain ?? [];
  if (own === null || chain.length === 0) return say('there is no violation to lead to');
  const from = own.step.value;
  const next = direction > 0 ? chain.find((i) => i > from) : chain.findLast((i) => i < from);
  if (next === undefined) say('the chain of causes ends here');
  else go(next);
}

export function until(text: string): void {
  const own = side.value;
  if (own === null) return;
  const found = runUntil(own.store, own.states, own.step.value, text);
  if (typeof found === 'string') say(found);
  else if (found === null) say(`"${text}" does not come true behind step ${own.step.value}`);
  else go(found);
}

/** Puts a text where it can be pasted from. */
export async function copy(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    say(`copied: ${what}`);
  } catch {
    // A page from file:// may be refused the clipboard: the text is shown to be copied by hand.
    say(`${what}: ${text}`);
  }
}

/** Hands somebody a file. */
export function save(name: string, content: Uint8Array | string): void {
  const type = typeof content === 'string' ? 'text/yaml' : 'application/octet-stream';
  const url = URL.createObjectURL(new Blob([content as BlobPart], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
  say(`saved ${name}`);
}
