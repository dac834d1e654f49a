/** A counter that is added to and read. */
import type { CounterInput, CounterOutput } from '../../../sim/history/vocabulary.ts';
import type { Model } from '../model.ts';

/** A sum per key; an add may answer the sum after it. */
export function counter(initial = 0): Model<number, CounterInput, CounterOutput> {
  return {
    name: 'counter',
    initial,
    partitionBy: (input) => input.key ?? '',
    step(state, input, output) {
      const after = input.type === 'add' ? state + input.by : state;
      return output === undefined || output === null || output === after ? after : null;
    },
    isPure: (input) => input.type === 'read' || input.by === 0,
    keyOf: String,
    describe(input, output) {
      const on = input.key === undefined ? '' : ` ${input.key}`;
      const answer = typeof output === 'number' ? ` → ${output}` : '';
      return input.type === 'read' ? `read${on}${answer}` : `add${on} ${input.by}${answer}`;
    },
  };
}
