/**
 * Figure 3 of the Raft paper, read literally: after every event it notes all that is seen and
 * compares everything with everything. Slow, and simple enough to be believed.
 */
import { plainKey } from '../../invariants/history/plain-key.ts';
import type { RaftState } from '../../protocols/raft/state.ts';
import type { Cluster } from './raft-cluster.ts';

export type Property =
  | 'election-safety'
  | 'leader-append-only'
  | 'log-matching'
  | 'leader-completeness'
  | 'state-machine-safety';

/** An entry of a log by value: `term` and `key` of the entry, `previous` term. */
interface Seen {
  readonly index: number;
  readonly term: number;
  readonly key: string;
  readonly previous: number;
}

interface Before {
  readonly leads: number;
  readonly commitIndex: number;
  readonly lastApplied: number;
  readonly entries: readonly Seen[];
}

const unborn: Before = { leads: -1, commitIndex: -1, lastApplied: -1, entries: [] };

export class Naive {
  private readonly leaders: { node: number; term: number; entries: readonly Seen[] }[] = [];
  private readonly logs: Seen[] = [];
  private readonly commits: { inTerm: number; seen: Seen }[] = [];
  private readonly applied: Seen[] = [];
  private readonly before: Before[] = [];
  private readonly lives: number[] = [];

  /** What is violated after an event at a server. */
  check(cluster: Cluster, node: number): ReadonlySet<Property> {
    const violated = new Set<Property>();
    const server = cluster.nodes[node];
    const state = server?.state ?? null;
    if (server === undefined || state === null) return violated;
    const isNewLife = this.lives[node] !== server.incarnation;
    const before = isNewLife ? unborn : (this.before[node] ?? unborn);
    const leads = state.role === 'leader' ? state.currentTerm : -1;
    const entries = read(state);
    if (leads >= 0 && leads !== before.leads) this.leaders.push({ node, term: leads, entries });
    if (leads >= 0 && leads === before.leads && !keeps(before.entries, entries, state)) {
      violated.add('leader-append-only');
    }
    this.logs.push(...entries);
    for (const seen of entries) {
      const { index } = seen;
      if (state.commitIndex !== before.commitIndex && index <= state.commitIndex) {
        this.commits.push({ inTerm: Math.max(state.currentTerm, seen.term), seen });
      }
      if (index > before.lastApplied && index <= state.lastApplied) this.applied.push(seen);
    }
    this.before[node] = {
      leads,
      commitIndex: state.commitIndex,
      lastApplied: state.lastApplied,
      entries,
    };
    this.lives[node] = server.incarnation;
    this.compare(violated);
    return violated;
  }

  private compare(violated: Set<Property>): void {
    const { leaders, logs, commits, applied } = this;
    if (leaders.some((a) => leaders.some((b) => a.term === b.term && a.node !== b.node))) {
      violated.add('election-safety');
    }
    if (disagree(logs, (a, b) => a.term === b.term)) violated.add('log-matching');
    if (disagree(applied, () => true)) violated.add('state-machine-safety');
    const lacks = leaders.some(({ term, entries }) =>
      commits.some(
        ({ inTerm, seen }) =>
          inTerm < term &&
          !entries.some((entry) => entry.index === seen.index && entry.term === seen.term),
      ),
    );
    if (lacks) violated.add('leader-completeness');
  }
}

/** Two entries at one index that are alike enough to be compared, and differ. */
function disagree(all: readonly Seen[], comparable: (a: Seen, b: Seen) => boolean): boolean {
  return all.some((a) =>
    all.some(
      (b) =>
        a.index === b.index &&
        comparable(a, b) &&
        (a.key !== b.key || a.term !== b.term || (a.term === b.term && a.previous !== b.previous)),
    ),
  );
}

function read({ log }: RaftState): readonly Seen[] {
  const entries: Seen[] = [];
  for (let index = log.firstIndex; index <= log.lastIndex; index++) {
    const key = plainKey(log.at(index)) ?? '';
    entries.push({ index, term: log.termAt(index), key, previous: log.termAt(index - 1) });
  }
  return entries;
}

/** Everything that was there is there, unless it was compacted. */
function keeps(old: readonly Seen[], now: readonly Seen[], { log }: RaftState): boolean {
  return old.every(
    ({ index, key }) =>
      index <= log.baseIndex || now.some((entry) => entry.index === index && entry.key === key),
  );
}
