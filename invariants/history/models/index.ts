/** The table of models by the names that scenarios and the command line use. */
import type { Value } from '../../../sim/history/vocabulary.ts';
import type { Model } from '../model.ts';
import { appendString } from './append-string.ts';
import { bank } from './bank.ts';
import { counter } from './counter.ts';
import { fencedLock, mutex } from './lock.ts';
import { queue } from './queue.ts';
import { casRegister, map, register } from './register.ts';
import { set } from './set.ts';

/** Each builds its model from an initial value; undefined means the model's own. */
export const models: Readonly<Record<string, (initial?: Value) => Model>> = {
  register: (initial) => register(initial),
  'cas-register': (initial) => casRegister(initial),
  map: (initial) => map(initial),
  'append-string': (initial) => appendString(initial as string | undefined),
  counter: (initial) => counter(initial as number | undefined),
  set: (initial) => set(initial as readonly Value[] | undefined),
  queue: (initial) => queue(initial as readonly Value[] | undefined),
  bank: () => bank(),
  mutex: () => mutex(),
  'fenced-lock': () => fencedLock(),
};
