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

/** A model for histories whose operations were read from outside and are checked as they come. */
export type AnyModel = Model<unknown, unknown, unknown>;

/** Each builds its model from an initial value; undefined means the model's own. */
export const models: Readonly<Record<string, (initial?: Value) => AnyModel>> = {
  register: (initial) => register(initial) as AnyModel,
  'cas-register': (initial) => casRegister(initial) as AnyModel,
  map: (initial) => map(initial) as AnyModel,
  'append-string': (initial) => appendString(initial as string | undefined) as AnyModel,
  counter: (initial) => counter(initial as number | undefined) as AnyModel,
  set: (initial) => set(initial as readonly Value[] | undefined) as AnyModel,
  queue: (initial) => queue(initial as readonly Value[] | undefined) as AnyModel,
  bank: () => bank() as AnyModel,
  mutex: () => mutex() as AnyModel,
  'fenced-lock': () => fencedLock() as AnyModel,
};
