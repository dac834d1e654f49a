/** Shrinks a run so that somebody who waits sees how far it is, and may end it. */
import { type Catch, shrinkRequestOf } from '../property/hunt.ts';
import { shrink, type Shrunk } from '../shrink/index.ts';
import { Crew, type CrewOrders } from './crew.ts';
import type { LiveLine } from './live-line.ts';
import { count } from './story/words.ts';

/**
 * Events that candidates may perform in this thread, during which nobody is heard: about a second.
 * Longer shrinks go on in a worker. Counted in events, so that the result is always the same.
 */
const HERE = 400_000;

export interface Shrinking {
  readonly orders: CrewOrders;
  readonly line: LiveLine;
  /** Called with what ends the shrink early with the best so far. */
  readonly onStart?: (interrupt: () => void) => void;
}

/** Null when the steps do not lead to the violation again. */
export async function shrinkCatch(
  caught: Catch,
  { orders, line, onStart }: Shrinking,
): Promise<Shrunk | null> {
  const request = shrinkRequestOf(caught);
  const first = shrink({ ...request, budget: HERE });
  if (first === null || first.isMinimal) return first;
  const crew = new Crew(orders);
  onStart?.(() => crew.interrupt());
  try {
    const { seed, atEnd, inTime } = caught;
    const { steps, violation, variant } = first;
    const task = { type: 'shrink', seed, steps, violation, atEnd, inTime, variant } as const;
    const reply = await crew.perform(task, (progress) => {
      if (progress.type !== 'shrinking') return;
      const { now, replays } = progress;
      const before = count(first.before, 'event');
      line.show(
        () =>
          `shrinking: ${before} → ${now}  ${(first.replays + replays).toLocaleString('en')} tries`,
      );
    });
    if (reply.type !== 'shrunk' || reply.shrunk === null) return first;
    return joined(first, reply.shrunk);
  } finally {
    line.clear();
    await crew.dismiss();
  }
}

/** Two parts of one shrink. */
function joined(first: Shrunk, last: Shrunk): Shrunk {
  return {
    ...last,
    before: first.before,
    replays: first.replays + last.replays,
    events: first.events + last.events,
    passes: [...first.passes, ...last.passes],
  };
}
