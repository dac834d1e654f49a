/** What never goes back while a server runs: its term, its commit index, what it has applied. */
import type { Finding } from '../../sim/engine/monitor.ts';
import { nameOf } from './cluster.ts';
import { raftInvariant, type Change, type Checker } from './watch.ts';

export const monotonicTerm = neverDecreases('raft/monotonic-term', 'currentTerm', (change) => {
  const { before, state } = change;
  return compare(change, 'currentTerm', before.term, before.termSince, state.currentTerm);
});

export const monotonicCommitIndex = neverDecreases(
  'raft/monotonic-commit-index',
  'commitIndex',
  (change) => {
    const { commitIndex, commitIndexSince } = change.before;
    return compare(change, 'commitIndex', commitIndex, commitIndexSince, change.state.commitIndex);
  },
);

export const monotonicLastApplied = neverDecreases(
  'raft/monotonic-last-applied',
  'lastApplied',
  (change) => {
    const { lastApplied, lastAppliedSince } = change.before;
    return compare(change, 'lastApplied', lastApplied, lastAppliedSince, change.state.lastApplied);
  },
);

function neverDecreases(id: string, field: string, onFall: (change: Change) => Finding | null) {
  const checker: Checker = { onFall, fork: () => checker };
  const title = `the ${field} of a server never decreases until it crashes`;
  return raftInvariant({ id, title, source: 'Raft (extended), Figure 2, State' }, () => checker);
}

function compare(
  { world, node }: Change,
  field: string,
  before: number,
  since: number,
  value: number,
): Finding | null {
  if (value >= before) return null;
  const name = nameOf(world, node);
  return {
    message: `the ${field} of ${name} fell from ${before} to ${value}`,
    facts: [
      { text: `${name} had ${field} ${before}`, node: name, event: since },
      { text: `${name} has ${field} ${value}`, node: name, event: world.eventIndex },
    ],
  };
}
