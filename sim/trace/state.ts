/** The states of all nodes at any event of a trace: the nearest snapshot, then patches. */
import { assert } from '../engine/index.ts';
import type { Snapshot, Trace, TracedNode, TraceEvent } from './format.ts';
import { applyPatches } from './patch.ts';

/** All nodes in order; what an event does not change is shared with the states before it. */
export type ClusterState = readonly TracedNode[];

/** The states after event `index`; -1: before the first. Throws when there is no such event. */
export function stateAt({ snapshots, events }: Trace, index: number): ClusterState {
  assert(index >= -1 && index < events.length, 'the event is in the trace');
  let low = 0;
  let high = snapshots.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((snapshots[middle] as Snapshot).index <= index) low = middle;
    else high = middle - 1;
  }
  const snapshot = snapshots[low] as Snapshot;
  let state: ClusterState = snapshot.nodes;
  for (let i = snapshot.index + 1; i <= index; i++) {
    const next = stateAfter(state, events[i] as TraceEvent);
    assert(next !== null, 'the reader of a trace lets no patch pass that does not fit');
    state = next;
  }
  return state;
}

/** The states after an event, given those before it; null when a patch does not fit. */
export function stateAfter(state: ClusterState, event: TraceEvent): ClusterState | null {
  return step(state, event, 'patches');
}

/** The states before an event, given those after it; null when a patch does not fit. */
export function stateBefore(state: ClusterState, event: TraceEvent): ClusterState | null {
  return step(state, event, 'inverse');
}

function step(
  state: ClusterState,
  { changes }: TraceEvent,
  direction: 'patches' | 'inverse',
): ClusterState | null {
  if (changes === undefined) return state;
  const next = [...state];
  for (const change of changes) {
    const node = next[change.node];
    const changed = node && applyPatches(node, change[direction]);
    if (changed === undefined) return null;
    next[change.node] = changed as TracedNode;
  }
  return next;
}
