/** Transactions executed one at a time: reads, writes and appends over many keys. */
import type {
  TransactionInput,
  TransactionOutput,
  Value,
} from '../../../sim/history/vocabulary.ts';
import { type Model, canonical } from '../model.ts';

type Store = { readonly [key: string]: Value };

/** Linearizable against this model is strictly serializable; unwritten keys read null or []. */
export function transactions(): Model<Store, TransactionInput, TransactionOutput> {
  return {
    name: 'transactions',
    initial: {},
    step(state, input, output) {
      const after: Record<string, Value> = { ...state };
      for (const [f, key, value] of output ?? input.ops) {
        const held = after[key] ?? null;
        if (f === 'w') after[key] = value;
        else if (f === 'append') after[key] = [...((held ?? []) as readonly Value[]), value];
        else if (output !== undefined && !readsSame(held, value)) return null;
      }
      return after;
    },
    isPure: (input) => input.ops.every(([f]) => f === 'r'),
    keyOf: canonical,
  };
}

function readsSame(held: Value, told: Value): boolean {
  const isEmpty = (value: Value): boolean =>
    value === null || (Array.isArray(value) && value.length === 0);
  return (isEmpty(held) && isEmpty(told)) || canonical(held) === canonical(told);
}
