/** From the words of the key-value store to the words of the checkers' models (vocabulary.ts). */
import type { Command, Plain } from '../engine/protocol.ts';
import type { History, Operation } from './operation.ts';
import type { ClientHistory } from './recorder.ts';
import type { Value } from './vocabulary.ts';
import type { OperationsConfig } from './workload.ts';

/** How a kind of operations looks to a checker. */
interface Words {
  readonly input: (command: Command) => object;
  readonly output: (command: Command, answer: Plain) => Plain;
}

const unchanged: Words = { input: (command) => command, output: (_command, answer) => answer };

const registers: Words = {
  input(command) {
    const { type, key, value } = command;
    if (type === 'get') return { type: 'read', key };
    if (type === 'put') return { type: 'write', key, value };
    return type === 'delete' ? { type: 'write', key, value: null } : command;
  },
  output: unchanged.output,
};

const words: Readonly<Record<OperationsConfig['kind'], Words>> = {
  register: registers,
  map: registers,
  /** An absent key reads '' there. */
  append: {
    input: unchanged.input,
    output: ({ type }, answer) => (type === 'get' ? (answer ?? '') : answer),
  },
  counter: {
    input: (command) => (command.type === 'get' ? { type: 'read', key: command['key'] } : command),
    output: ({ type }, answer) => (type === 'get' ? (answer ?? 0) : answer),
  },
  'list-append': unchanged,
  bank: unchanged,
};

/**
 * The history of a run in the words of the model that fits its kind of operations: RegisterInput
 * (register, map), AppendInput, CounterInput, TransactionInput (list-append), BankInput.
 */
export function inModelWords(
  history: ClientHistory,
  kind: OperationsConfig['kind'],
): History<object, Value> {
  const { input, output } = words[kind];
  return history.map((operation): Operation<object, Value> => {
    const { output: answer, ...rest } = operation;
    const translated = { ...rest, input: input(operation.input) };
    if (answer === undefined) return translated;
    return { ...translated, output: output(operation.input, answer) as Value };
  });
}
