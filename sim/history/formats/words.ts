/** Translates the words of a log (`:f :cas, :value [1 2]`) into our vocabulary of operations. */
import type { MicroOperation, Value } from '../vocabulary.ts';
import type { LogEvent } from './pairing.ts';

/** The vocabulary of one kind of object. */
export interface Words {
  /** The model it speaks of. */
  readonly model: string;
  /** What is wrong with an event, as an expectation; null when all is well. */
  expected(event: LogEvent): string | null;
  input(event: LogEvent): unknown;
  output(invoked: LogEvent, completed: LogEvent): unknown;
}

const value = (event: LogEvent): Value => (event.value ?? null) as Value;
const keyed = (event: LogEvent): { readonly key?: string } =>
  event.key === undefined ? {} : { key: event.key };
const isPair = (found: unknown): found is [Value, Value] =>
  Array.isArray(found) && found.length === 2;

const registerWords = (model: string): Words => ({
  model,
  expected: (event) =>
    event.f === 'cas' && event.type === 'invoke' && !isPair(event.value)
      ? 'a cas to have the value [expected new]'
      : null,
  input(event) {
    if (event.f === 'read') return { type: 'read', ...keyed(event) };
    if (event.f === 'write') return { type: 'write', ...keyed(event), value: value(event) };
    const [from, to] = isPair(event.value) ? event.value : [null, null];
    return { type: 'cas', ...keyed(event), from, to };
  },
  output: (invoked, completed) =>
    invoked.f === 'read' ? value(completed) : invoked.f === 'cas' ? { swapped: true } : null,
});

const appendWords: Words = {
  model: 'append-string',
  expected(event) {
    if (event.key === undefined) return 'a :key';
    const needsText = event.f === 'get' ? event.type === 'ok' : event.type === 'invoke';
    if (needsText && typeof event.value !== 'string') return `a string as the value of ${event.f}`;
    return null;
  },
  input(event) {
    const key = event.key ?? '';
    return event.f === 'get' ? { type: 'get', key } : { type: event.f, key, value: value(event) };
  },
  output: (invoked, completed) => (invoked.f === 'get' ? value(completed) : null),
};

const counterWords: Words = {
  model: 'counter',
  expected: (event) =>
    (event.f === 'add') === (event.type === 'invoke') && typeof event.value !== 'number'
      ? `a number as the value of ${event.f}`
      : null,
  input: (event) =>
    event.f === 'read'
      ? { type: 'read', ...keyed(event) }
      : { type: 'add', ...keyed(event), by: Number(value(event)) },
  output: (invoked, completed) => (invoked.f === 'read' ? value(completed) : null),
};

const setWords: Words = {
  model: 'set',
  expected: (event) =>
    event.f === 'read' && event.type === 'ok' && !Array.isArray(event.value)
      ? 'a read of a set to return a list of elements'
      : null,
  input: (event) =>
    event.f === 'read' ? { type: 'read' } : { type: event.f, value: value(event) },
  output: (invoked, completed) => (invoked.f === 'read' ? value(completed) : null),
};

const queueWords: Words = {
  model: 'queue',
  expected: () => null,
  input: (event) =>
    event.f === 'enqueue' ? { type: 'enqueue', value: value(event) } : { type: 'dequeue' },
  output: (invoked, completed) => (invoked.f === 'dequeue' ? value(completed) : null),
};

const lockWords = (model: string): Words => ({
  model,
  expected: () => null,
  input: (event) => ({ type: event.f }),
  output: (_invoked, completed) => value(completed),
});

const transactionWords = (model: string): Words => ({
  model,
  expected: (event) =>
    microOperations(event.value) === null
      ? 'a list of [:append key element], [:w key value] or [:r key value]'
      : null,
  input: (event) => ({
    type: 'txn',
    ops: (microOperations(event.value) ?? []).map(([f, key, what]) =>
      f === 'r' ? (['r', key, null] as const) : ([f, key, what] as const),
    ),
  }),
  output: (_invoked, completed) => microOperations(completed.value) ?? [],
});

function microOperations(found: unknown): MicroOperation[] | null {
  if (!Array.isArray(found)) return null;
  const operations: MicroOperation[] = [];
  for (const entry of found as unknown[]) {
    if (!Array.isArray(entry) || entry.length < 2) return null;
    const [name, key, what] = entry as [unknown, unknown, unknown];
    const f = String(name).replace(/^:/, '');
    if (f !== 'append' && f !== 'w' && f !== 'r') return null;
    operations.push([
      f,
      typeof key === 'string' ? key : JSON.stringify(key),
      (what ?? null) as Value,
    ]);
  }
  return operations;
}

const byModel: Readonly<Record<string, Words>> = {
  register: registerWords('register'),
  'cas-register': registerWords('cas-register'),
  map: registerWords('map'),
  'append-string': appendWords,
  counter: counterWords,
  set: setWords,
  queue: queueWords,
  mutex: lockWords('mutex'),
  'fenced-lock': lockWords('fenced-lock'),
  'list-append': transactionWords('list-append'),
  'rw-register': transactionWords('rw-register'),
};

const operationsOf: Readonly<Record<string, readonly string[]>> = {
  register: ['read', 'write'],
  'cas-register': ['read', 'write', 'cas'],
  map: ['read', 'write', 'cas'],
  'append-string': ['get', 'put', 'append'],
  counter: ['read', 'add'],
  set: ['read', 'add', 'remove', 'contains'],
  queue: ['enqueue', 'dequeue'],
  mutex: ['acquire', 'release'],
  'fenced-lock': ['acquire', 'release'],
  'list-append': ['txn'],
  'rw-register': ['txn'],
};

/** The vocabulary of a model, and which operations it has; undefined for an unknown model. */
export function wordsOf(
  model: string,
): { words: Words; operations: readonly string[] } | undefined {
  const [words, operations] = [byModel[model], operationsOf[model]];
  return words === undefined || operations === undefined ? undefined : { words, operations };
}

/** The model that a log speaks of, judged by its operations; null when it could be several. */
export function guessModel(events: readonly LogEvent[]): string | null {
  const names = new Set(events.map(({ f }) => f));
  const has = (...all: string[]): boolean => all.some((name) => names.has(name));
  if (has('txn')) {
    const isAppend = events.some((event) =>
      microOperations(event.value)?.some(([f]) => f === 'append'),
    );
    return isAppend ? 'list-append' : 'rw-register';
  }
  if (has('get', 'put', 'append')) return 'append-string';
  if (has('enqueue', 'dequeue')) return 'queue';
  if (has('acquire', 'release')) return 'mutex';
  if (has('remove', 'contains')) return 'set';
  if (has('write', 'cas')) {
    return events.some(({ key }) => key !== undefined) ? 'map' : 'cas-register';
  }
  const read = events.find(
    ({ f, type, value: what }) =>
      f === 'read' && type === 'ok' && what !== undefined && what !== null,
  );
  if (has('add') && read !== undefined) return Array.isArray(read.value) ? 'set' : 'counter';
  return has('read') && !has('add') ? 'cas-register' : null;
}
