/**
 * A multi-value register by dotted version vectors (Preguiça et al., PODC 2012): a version is named
 * by the server and its counter, and what its client had seen is another matter; so two writes
 * through one server that know nothing of each other stay siblings.
 */
import { emptyStore, dotOf, mergeStores, storeOf, type Dot, type DotStore } from './dots.ts';
import type { ReplicatedType } from './type.ts';
import { readSiblings } from './version-vector.ts';

export const mvRegister: ReplicatedType<DotStore> = {
  initial: emptyStore,
  update(_state, { type, value = null }, { node, counter, context }) {
    if (type !== 'put' && type !== 'delete') return null;
    const dot = dotOf(node, counter);
    const seen = (context ?? []) as readonly Dot[];
    return storeOf(type === 'put' ? { [dot]: value } : {}, [...seen, dot]);
  },
  merge: mergeStores,
  value: ({ dots }) => readSiblings(Object.values(dots)),
  /** Of what is there: what was removed before is in everybody's context already. */
  contextOf: ({ dots }) => Object.keys(dots),
};
