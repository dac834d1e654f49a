/** A set of values with add, remove, contains and read. */
import type { SetInput, SetOutput, Value } from '../../../sim/history/vocabulary.ts';
import { type Model, canonical, show } from '../model.ts';

/** The elements as sorted canonical texts. */
type Elements = readonly string[];

/** A set. Without reads of the whole set, every element is checked apart. */
export function set(initial: readonly Value[] = []): Model<Elements, SetInput, SetOutput> {
  return {
    name: 'set',
    initial: sorted(initial),
    partitionBy: (input) => (input.type === 'read' ? undefined : canonical(input.value)),
    step,
    isPure: (input, output) =>
      input.type === 'read' || input.type === 'contains' || output === false,
    keyOf: (state) => state.join(','),
    describe(input, output) {
      const answer = output === undefined || output === null ? '' : ` → ${show(output)}`;
      return input.type === 'read'
        ? `read${answer}`
        : `${input.type} ${show(input.value)}${answer}`;
    },
  };
}

function step(state: Elements, input: SetInput, output: SetOutput | undefined): Elements | null {
  const isTold = output !== undefined && output !== null;
  if (input.type === 'read') {
    const agrees = !isTold || (Array.isArray(output) && sorted(output).join() === state.join());
    return agrees ? state : null;
  }
  const element = canonical(input.value);
  const isPresent = state.includes(element);
  if (input.type === 'contains') return !isTold || output === isPresent ? state : null;
  const changes = isPresent === (input.type === 'remove');
  if (isTold && output !== changes) return null;
  if (!changes) return state;
  return isPresent ? state.filter((other) => other !== element) : insert(state, element);
}

function insert(state: Elements, element: string): Elements {
  const index = state.findIndex((other) => other > element);
  return index < 0 ? [...state, element] : state.toSpliced(index, 0, element);
}

function sorted(values: readonly Value[]): Elements {
  return [...new Set(values.map(canonical))].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}
