/** Leader Completeness: extended Raft paper, Figure 3. */
import { finish, mix } from '../../sim/engine/hash.ts';
import type { Finding } from '../../sim/engine/monitor.ts';
import type { WorldView } from '../../sim/engine/view.ts';
import type { Log } from '../../protocols/common/log.ts';
import type { Entry } from '../../protocols/raft/messages.ts';
import { describeEntry, lowestTerm, nameOf } from './cluster.ts';
import { raftInvariant, type Change, type Checker } from './watch.ts';

/**
 * The longest prefix known to be committed in some term or before: its last index, and the term of
 * the entry there, which by Log Matching stands for all entries before it.
 */
interface Commit {
  readonly inTerm: number;
  readonly index: number;
  readonly term: number;
  /** The entry, unless it was compacted at once. */
  readonly entry: Entry | undefined;
  readonly node: number;
  readonly event: number;
}

/** A leader with its log as it was when it was elected. */
interface Leader {
  readonly term: number;
  readonly log: Log<Entry>;
  readonly node: number;
  readonly event: number;
  /** 0 until it is asked for. */
  hash: number;
}

/** How many leaders and commits are remembered while a server that lags behind needs them. */
const REMEMBERED = 16;

export const leaderCompleteness = raftInvariant(
  {
    id: 'raft/leader-completeness',
    title: 'an entry committed in a term is in the logs of the leaders of all higher terms',
    source: 'Raft (extended), Figure 3, §5.4',
  },
  () => new LeaderCompleteness([], []),
);

class LeaderCompleteness implements Checker {
  /** Both terms and indices grow from one to the next. */
  private readonly commits: Commit[];
  private readonly leaders: Leader[];

  constructor(commits: Commit[], leaders: Leader[]) {
    this.commits = commits;
    this.leaders = leaders;
  }

  onElected({ world, node, state }: Change): Finding | null {
    const { currentTerm: term, log } = state;
    this.forget(lowestTerm(world));
    const leader = { term, log: log.fork(), node, event: world.eventIndex, hash: 0 };
    this.leaders.push(leader);
    const commit = this.commits[lastCommit(this.commits, term - 1)];
    return commit === undefined ? null : compare(world, commit, leader);
  }

  /** A commit seen late counts for the leaders that were elected in the meantime, too. */
  onCommitIndex({ world, node, state }: Change): Finding | null {
    const { log } = state;
    // What is committed without being there cannot be compared.
    const index = Math.min(state.commitIndex, log.lastIndex);
    // Nothing is committed yet: no fact, and none that should tell two runs apart.
    if (index === 0) return null;
    // A server that lost its term in a crash may know entries of later terms to be committed.
    const inTerm = Math.max(state.currentTerm, log.termAt(index));
    const { commits, leaders } = this;
    const last = lastCommit(commits, inTerm);
    if (last >= 0 && (commits[last] as Commit).index >= index) return null;
    const [term, entry] = [log.termAt(index), log.at(index)];
    const commit = { inTerm, index, term, entry, node, event: world.eventIndex };
    this.insert(commit, last);
    for (let i = 0; i < leaders.length; i++) {
      const leader = leaders[i] as Leader;
      if (leader.term <= inTerm) continue;
      const finding = compare(world, commit, leader);
      if (finding !== null) return finding;
    }
    return null;
  }

  fork(): Checker {
    return new LeaderCompleteness(this.commits.slice(), this.leaders.slice());
  }

  hash(): number {
    let h = 0;
    for (const { inTerm, index, term } of this.commits) h = mix(mix(mix(h, inTerm), index), term);
    let sum = 0;
    for (const leader of this.leaders) {
      leader.hash ||= finish(mix(leader.log.hash(0), leader.term));
      sum = (sum + leader.hash) | 0;
    }
    return mix(h, sum);
  }

  /** Puts a commit behind those up to `last`, and removes those that it makes superfluous. */
  private insert(commit: Commit, last: number): void {
    const { commits } = this;
    const first = last >= 0 && commits[last]?.inTerm === commit.inTerm ? last : last + 1;
    let end = last + 1;
    while (end < commits.length && (commits[end] as Commit).index <= commit.index) end++;
    if (end === first + 1) commits[first] = commit;
    else commits.splice(first, end - first, commit);
  }

  /** Forgets what can no longer meet: nobody will commit, or be elected, below this term. */
  private forget(belowTerm: number): void {
    const { commits, leaders } = this;
    const superfluous = Math.max(lastCommit(commits, belowTerm - 1), commits.length - REMEMBERED);
    if (superfluous > 0) commits.splice(0, superfluous);
    let kept = 0;
    for (const leader of leaders) if (leader.term > belowTerm) leaders[kept++] = leader;
    leaders.length = kept;
    if (kept >= REMEMBERED) leaders.shift();
  }
}

/** Where the last commit of this term or an earlier one stands, or -1. */
function lastCommit(commits: readonly Commit[], inTerm: number): number {
  let i = commits.length - 1;
  while (i >= 0 && (commits[i] as Commit).inTerm > inTerm) i--;
  return i;
}

function compare(world: WorldView, commit: Commit, leader: Leader): Finding | null {
  const { index, inTerm } = commit;
  const { log } = leader;
  // A compacted prefix was applied: State Machine Safety answers for it.
  if (index < log.baseIndex || log.termAt(index) === commit.term) return null;
  const who = nameOf(world, commit.node);
  const name = nameOf(world, leader.node);
  const entry = commit.entry === undefined ? `term ${commit.term}` : describeEntry(commit.entry);
  const other = log.at(index);
  const instead =
    index > log.lastIndex
      ? `a log that ends at index ${log.lastIndex}`
      : `index ${index} (${other === undefined ? `term ${log.baseTerm}` : describeEntry(other)})`;
  const committed = `index ${index}, committed in term ${inTerm}`;
  return {
    message: `${name}, leader of term ${leader.term}, lacks ${committed}`,
    facts: [
      {
        text: `${who} had index ${index} (${entry}) committed in term ${inTerm}`,
        node: who,
        event: commit.event,
      },
      {
        text: `${name} became leader of term ${leader.term} with ${instead}`,
        node: name,
        event: leader.event,
      },
    ],
    witness: index > log.lastIndex ? 'missing' : 'different',
  };
}
