/** A state of a world model: a front, what of the budgets is used, and what is on its way. */

/** The front's id, then counters, then the ids of messages on their way in ascending order. */
export type WorldState = readonly number[];

/** Where each counter stands. */
export const REQUESTS = 1;
export const CRASHES = 2;
export const REPEATS = 3;
/** Counters of limited timers begin here. */
export const TIMERS = 4;

/** The next state, with the messages that were sent and without the one that arrived (-1: none). */
export function merge(
  state: WorldState,
  base: number,
  gone: number,
  sent: readonly number[],
): number[] {
  const next: number[] = [];
  for (let i = 0; i < base; i++) next.push(state[i] as number);
  let j = 0;
  let isGone = gone < 0;
  for (let i = base; i < state.length; i++) {
    const message = state[i] as number;
    if (!isGone && message === gone) {
      isGone = true;
      continue;
    }
    while (j < sent.length && (sent[j] as number) < message) next.push(sent[j++] as number);
    next.push(message);
  }
  while (j < sent.length) next.push(sent[j++] as number);
  return next;
}
