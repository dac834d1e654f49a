/** A map of strings with get, put and append: Porcupine's key-value store. */
import type { AppendInput, AppendOutput } from '../../../sim/history/vocabulary.ts';
import { type Foreseen, type Foresight, type Model, show } from '../model.ts';

type ForeseenAppend = Foreseen<AppendInput, AppendOutput>;

/** How many pending reads are compared with each new state; more prune little and cost time. */
const readsAhead = 6;

/** A string per key, '' at first. Every read tells the order of the appends before it (R6). */
export function appendString(initial = ''): Model<string, AppendInput, AppendOutput> {
  return {
    name: 'append-string',
    initial,
    partitionBy: (input) => input.key,
    step(state, input, output) {
      if (input.type === 'put') return input.value;
      if (input.type === 'append') return state + input.value;
      return output === undefined || output === state ? state : null;
    },
    isPure: (input) => input.type === 'get' || (input.type === 'append' && input.value === ''),
    keyOf: (state) => state,
    foresee: foreseeReads,
    describe(input, output) {
      if (input.type !== 'get') return `${input.type} ${input.key} ${show(input.value)}`;
      return `get ${input.key} → ${output === undefined ? '?' : show(output)}`;
    },
  };
}

/**
 * R6: a read still to come returns `text`. Unless a put whose value begins `text` is still to come
 * before it, the string can only grow into `text`: a state that does not begin `text` is dead. So
 * the observed successor of a version that cannot recur is forced.
 */
function foreseeReads(operations: readonly ForeseenAppend[]): Foresight<string> {
  const reads = operations
    .flatMap((operation, index) => {
      const isRead = operation.input.type === 'get' && operation.output !== undefined;
      return isRead ? [{ index, text: String(operation.output), return: operation.return }] : [];
    })
    .toSorted((a, b) => a.return - b.return);
  const rankOf = new Map(reads.map((read, rank) => [read.index, rank]));
  // The reads still to come are a list linked by rank, in the order of their returns.
  const next = Int32Array.from({ length: reads.length + 1 }, (_, rank) => rank + 1);
  const previous = Int32Array.from({ length: reads.length + 2 }, (_, rank) => rank - 1);
  let first = 0;
  const origins = reads.map(() => 0);
  const originOf = operations.map(({ input, call }) => {
    if (input.type !== 'put') return [];
    const begun = reads.flatMap((read, rank) =>
      call < read.return && read.text.startsWith(input.value) ? [rank] : [],
    );
    for (const rank of begun) origins[rank] = (origins[rank] ?? 0) + 1;
    return begun;
  });
  const addOrigins = (operation: number, change: number): void => {
    for (const rank of originOf[operation] ?? []) origins[rank] = (origins[rank] ?? 0) + change;
  };
  return {
    matters(operation) {
      const input = operations[operation]?.input;
      if (input === undefined || input.type === 'get') return false;
      return input.type === 'append'
        ? reads.some(({ text }) => text.includes(input.value))
        : (originOf[operation] ?? []).length > 0;
    },
    take(operation) {
      addOrigins(operation, -1);
      const rank = rankOf.get(operation);
      if (rank === undefined) return;
      const [before, after] = [previous[rank] ?? -1, next[rank] ?? reads.length];
      if (before < 0) first = after;
      else next[before] = after;
      previous[after] = before;
    },
    undo(operation) {
      addOrigins(operation, 1);
      const rank = rankOf.get(operation);
      if (rank === undefined) return;
      const [before, after] = [previous[rank] ?? -1, next[rank] ?? reads.length];
      if (before < 0) first = rank;
      else next[before] = rank;
      previous[after] = rank;
    },
    isDead(_before, after, operation) {
      const begins = operation < 0 ? [] : (originOf[operation] ?? []);
      let looked = 0;
      for (
        let rank = first;
        rank < reads.length && looked < readsAhead;
        rank = next[rank] ?? rank
      ) {
        looked += 1;
        const text = reads[rank]?.text ?? '';
        const left = (origins[rank] ?? 0) - (begins.includes(rank) ? 1 : 0);
        if (left === 0 && !text.startsWith(after)) return true;
      }
      return false;
    },
  };
}
