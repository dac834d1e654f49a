/** The states of all nodes at any event: from the nearest snapshot, then patches, remembered. */
import type { ClusterState } from '../../trace/state.ts';
import { stateAfter } from '../../trace/state.ts';
import type { Store } from './store.ts';

/** States that are remembered: walking back then costs nothing. */
const KEPT = 600;

export class States {
  private readonly store: Store;
  private readonly known = new Map<number, ClusterState>();

  constructor(store: Store) {
    this.store = store;
  }

  /** The states after event `index`; before the first one held: those of the first snapshot. */
  at(index: number): ClusterState {
    const { store, known } = this;
    const found = known.get(index);
    if (found !== undefined) return found;
    const snapshot = store.snapshotAt(index);
    let from = Math.min(index, Math.max(snapshot.index, store.first - 1));
    let state: ClusterState = snapshot.nodes;
    for (let back = index - 1; back > from; back--) {
      const near = known.get(back);
      if (near === undefined) continue;
      state = near;
      from = back;
    }
    if (known.size > KEPT) known.clear();
    known.set(from, state);
    for (let i = from + 1; i <= index; i++) {
      state = stateAfter(state, store.event(i)) ?? state;
      known.set(i, state);
    }
    return state;
  }
}
