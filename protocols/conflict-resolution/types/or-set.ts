/** Observed-remove set without tombstones (Bieniusa et al., 2012): an add wins over a remove. */
import { canonicalText } from './canonical.ts';
import { dotOf, emptyStore, mergeStores, storeOf, type DotStore } from './dots.ts';
import type { ReplicatedType } from './type.ts';

/** `put` adds its value, `remove` takes out what was seen of it, `delete` everything seen. */
export const orSet: ReplicatedType<DotStore> = {
  initial: emptyStore,
  update({ dots }, { type, value = null }, { node, counter }) {
    const dot = dotOf(node, counter);
    const element = canonicalText(value);
    const same = Object.keys(dots).filter((other) => canonicalText(dots[other]) === element);
    switch (type) {
      case 'put':
        return storeOf({ [dot]: value }, [...same, dot]);
      case 'remove':
        return storeOf({}, [...same, dot]);
      case 'delete':
        return storeOf({}, [...Object.keys(dots), dot]);
      default:
        return null;
    }
  },
  merge: mergeStores,
  value({ dots }) {
    const elements = new Map(Object.values(dots).map((value) => [canonicalText(value), value]));
    return [...elements].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
  },
};
