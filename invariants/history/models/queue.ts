/** A first-in-first-out queue. */
import type { QueueInput, QueueOutput, Value } from '../../../sim/history/vocabulary.ts';
import { type Model, canonical, show } from '../model.ts';

/** A queue; `dequeue` answers null exactly when it is empty, so null cannot be enqueued. */
export function queue(
  initial: readonly Value[] = [],
): Model<readonly Value[], QueueInput, QueueOutput> {
  return {
    name: 'queue',
    initial,
    step(state, input, output) {
      if (input.type === 'enqueue') return [...state, input.value];
      const [head, ...rest] = state;
      if (output !== undefined && canonical(head ?? null) !== canonical(output)) return null;
      return rest;
    },
    isPure: (input, output) => input.type === 'dequeue' && output === null,
    describe(input, output) {
      if (input.type === 'enqueue') return `enqueue ${show(input.value)}`;
      return `dequeue → ${output === undefined ? '?' : show(output)}`;
    },
  };
}
