/** The operations of clients that contradict one another, told at the times when they began. */
import type { Violation, WorldView } from '../../engine/index.ts';
import { Recorder, type ClientHistory } from '../../history/recorder.ts';
import type { Moment } from '../story.ts';
import { ms } from './words.ts';

/** One moment for each fact of the violation that is an operation of a client; in order of time. */
export function conflictOf(world: WorldView, { facts }: Violation): Moment[] {
  const recorder = world.clientsConfig?.history;
  if (!(recorder instanceof Recorder)) return [];
  const history = recorder.history();
  return facts
    .flatMap(({ text, event }): Moment[] => {
      if (event === undefined) return [];
      const operation = history.find(
        ({ invokeEvent, completeEvent }) => event === (completeEvent ?? invokeEvent),
      );
      if (operation === undefined) return [];
      return [{ at: operation.invokedAt, text: `${text}, ${ending(operation)}`, details: [] }];
    })
    .toSorted((a, b) => a.at - b.at);
}

function ending({ outcome, error, completedAt }: ClientHistory[number]): string {
  if (outcome === 'ok' && completedAt !== null) return `answered at ${ms(completedAt)}`;
  return error === undefined ? 'not yet answered' : `given up (${error}): it may have happened`;
}
