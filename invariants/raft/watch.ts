/**
 * One look at a server after each event: what changed there? Only the invariants that care about
 * such a change are asked, so an event that changed nothing costs a few comparisons.
 */
import { mix } from '../../sim/engine/hash.ts';
import type { Finding, Invariant, Monitor } from '../../sim/engine/monitor.ts';
import type { NodeId } from '../../sim/engine/protocol.ts';
import type { NodeView, WorldView } from '../../sim/engine/view.ts';
import type { LogCursor } from '../../protocols/common/log.ts';
import type { ConfigurationAt } from '../../protocols/raft/configuration.ts';
import type { Progress, RaftState, Transfer } from '../../protocols/raft/state.ts';
import { NONE, perNode } from './cluster.ts';
import { firstInTurn, forkKnown, lastInTurn, nothingKnown, type Known } from './known-progress.ts';

/** A server whose state has changed. Valid only during the call it is passed to. */
export interface Change {
  readonly world: WorldView;
  readonly node: number;
  readonly state: RaftState;
  /** The server as it was; all NONE in the first event of one of its lives. */
  readonly before: Readonly<Seen>;
}

/** What was seen of a server; as a cursor it says how far its log was read. */
export interface Seen extends LogCursor {
  incarnation: number;
  term: number;
  /** The term that it leads, or NONE. */
  leads: number;
  commitIndex: number;
  lastApplied: number;
  logVersion: number;
  baseIndex: number;
  configurations: readonly ConfigurationAt[] | null;
  transfer: Transfer | null;
  /** After which events term, commitIndex and lastApplied were set. */
  termSince: number;
  commitIndexSince: number;
  lastAppliedSince: number;
}

/** A leader's knowledge of a server has changed. Valid only during the call it is passed to. */
export interface ProgressChange {
  readonly world: WorldView;
  /** The leader, and the server that it knows something of. */
  readonly node: number;
  readonly of: number;
  readonly progress: Progress;
  /** The matchIndex as it was, and after which event it was set; NONE when it was not known. */
  readonly matchIndexBefore: number;
  readonly since: number;
}

type Answer = Finding | null;

/** An invariant's part: a memory, and what it says to changes. */
export interface Checker {
  /** The server leads a term that it did not lead before. */
  onElected?(change: Change): Answer;
  onLog?(change: Change): Answer;
  /** The log of a server that led before and leads the same term now. */
  onLeaderLog?(change: Change): Answer;
  /** Entries at the front of a log were compacted or replaced by a snapshot. */
  onCompaction?(change: Change): Answer;
  onCommitIndex?(change: Change): Answer;
  onLastApplied?(change: Change): Answer;
  onTerm?(change: Change): Answer;
  /** The term, commitIndex or lastApplied is lower than it was in this life of the server. */
  onFall?(change: Change): Answer;
  /** The server has other configurations in its log. */
  onConfiguration?(change: Change): Answer;
  /** The server hands leadership over to somebody, or does so no longer. */
  onTransfer?(change: Change): Answer;
  onProgress?(change: ProgressChange): Answer;
  fork(): Checker;
  /** What the states do not show; absent when the memory mirrors them. */
  hash?(place?: (node: number) => number): number;
}

export interface RaftInvariant extends Invariant {
  check(world: WorldView): Checker;
}

/** An invariant from its description and its part of the watch. */
export function raftInvariant(
  description: Pick<Invariant, 'id' | 'title' | 'source'>,
  check: (world: WorldView) => Checker,
): RaftInvariant {
  const invariant: RaftInvariant = {
    ...description,
    check,
    create: (world) => watchTogether(world, [invariant]),
    together: watchTogether,
  };
  return invariant;
}

function watchTogether(world: WorldView, invariants: readonly Invariant[]): Monitor {
  const ids = invariants.map(({ id }) => id);
  const checkers = invariants.map((invariant) => (invariant as RaftInvariant).check(world));
  const known = perNode<Known | null>(world, null);
  return new Watch(ids, interestsOf(checkers), checkers, world.nodes.map(unseen), known);
}

type Question = (checker: Checker, change: Change) => Answer | undefined;

const onElected: Question = (checker, change) => checker.onElected?.(change);
const onLog: Question = (checker, change) => checker.onLog?.(change);
const onLeaderLog: Question = (checker, change) => checker.onLeaderLog?.(change);
const onCompaction: Question = (checker, change) => checker.onCompaction?.(change);
const onCommitIndex: Question = (checker, change) => checker.onCommitIndex?.(change);
const onLastApplied: Question = (checker, change) => checker.onLastApplied?.(change);
const onTerm: Question = (checker, change) => checker.onTerm?.(change);
const onFall: Question = (checker, change) => checker.onFall?.(change);
const onConfiguration: Question = (checker, change) => checker.onConfiguration?.(change);
const onTransfer: Question = (checker, change) => checker.onTransfer?.(change);

/** For each kind of change, which checkers care about it. */
type Interests = {
  readonly [Kind in Exclude<keyof Checker, 'fork' | 'hash'>]-?: readonly number[];
};

function interestsOf(checkers: readonly Checker[]): Interests {
  const having = (kind: keyof Checker) =>
    checkers.flatMap((checker, i) => (checker[kind] === undefined ? [] : [i]));
  return {
    onElected: having('onElected'),
    onLog: having('onLog'),
    onLeaderLog: having('onLeaderLog'),
    onCompaction: having('onCompaction'),
    onCommitIndex: having('onCommitIndex'),
    onLastApplied: having('onLastApplied'),
    onTerm: having('onTerm'),
    onFall: having('onFall'),
    onConfiguration: having('onConfiguration'),
    onTransfer: having('onTransfer'),
    onProgress: having('onProgress'),
  };
}

class Watch implements Monitor {
  private readonly ids: readonly string[];
  private readonly interests: Interests;
  private readonly checkers: readonly Checker[];
  /** By server. */
  private readonly seen: Seen[];
  /** By server, for those that lead. */
  private readonly known: (Known | null)[];

  constructor(
    ids: readonly string[],
    interests: Interests,
    checkers: readonly Checker[],
    seen: Seen[],
    known: (Known | null)[],
  ) {
    this.ids = ids;
    this.interests = interests;
    this.checkers = checkers;
    this.seen = seen;
    this.known = known;
  }

  afterEvent(world: WorldView, node: number): Answer {
    const view = world.nodes[node] as NodeView;
    const state = view.state as RaftState | null;
    if (state === null) return null;
    const seen = this.seen[node] as Seen;
    const leads = state.role === 'leader' ? state.currentTerm : NONE;
    if (
      state.commitIndex !== seen.commitIndex ||
      state.log.version !== seen.logVersion ||
      leads !== seen.leads ||
      state.currentTerm !== seen.term ||
      state.lastApplied !== seen.lastApplied ||
      state.configurations !== seen.configurations ||
      state.transfer !== seen.transfer ||
      view.incarnation !== seen.incarnation
    ) {
      const before = view.incarnation === seen.incarnation ? seen : unseen();
      const finding = this.changed({ world, node, state, before }, leads);
      note(seen, view, state, leads, world.eventIndex);
      if (finding !== null) return finding;
    }
    if (leads === NONE || this.interests.onProgress.length === 0) return null;
    return this.lookAtProgress(world, node, state);
  }

  fork(): Monitor {
    const checkers = this.checkers.map((checker) => checker.fork());
    const seen = this.seen.map((server) => ({ ...server }));
    const known = this.known.map((one) => (one === null ? null : forkKnown(one)));
    return new Watch(this.ids, this.interests, checkers, seen, known);
  }

  hash(place?: (node: number) => number): number {
    let h = 0;
    for (const checker of this.checkers) h = mix(h, checker.hash?.(place) ?? 0);
    return h;
  }

  private changed(change: Change, leads: number): Answer {
    const { state, before } = change;
    const { currentTerm, commitIndex, lastApplied, log, configurations } = state;
    const { interests } = this;
    let finding: Answer = null;
    if (leads !== before.leads && leads !== NONE) {
      this.known[change.node] = nothingKnown(change.world);
      finding = this.ask(interests.onElected, onElected, change);
    }
    if (log.version !== before.logVersion) {
      if (leads !== NONE && leads === before.leads) {
        finding ??= this.ask(interests.onLeaderLog, onLeaderLog, change);
      }
      if (log.baseIndex !== before.baseIndex) {
        finding ??= this.ask(interests.onCompaction, onCompaction, change);
      }
      finding ??= this.ask(interests.onLog, onLog, change);
    }
    if (commitIndex !== before.commitIndex) {
      finding ??= this.ask(interests.onCommitIndex, onCommitIndex, change);
    }
    if (lastApplied !== before.lastApplied) {
      finding ??= this.ask(interests.onLastApplied, onLastApplied, change);
    }
    if (currentTerm !== before.term) finding ??= this.ask(interests.onTerm, onTerm, change);
    if (configurations !== before.configurations)
      finding ??= this.ask(interests.onConfiguration, onConfiguration, change);
    if (state.transfer !== before.transfer) {
      finding ??= this.ask(interests.onTransfer, onTransfer, change);
    }
    const { term, commitIndex: commit, lastApplied: applied } = before;
    if (currentTerm < term || commitIndex < commit || lastApplied < applied) {
      finding ??= this.ask(interests.onFall, onFall, change);
    }
    return finding;
  }

  private ask(interested: readonly number[], how: Question, change: Change): Answer {
    for (let i = 0; i < interested.length; i++) {
      const part = interested[i] as number;
      const finding = how(this.checkers[part] as Checker, change) ?? null;
      if (finding !== null) return { ...finding, invariant: this.ids[part] as string };
    }
    return null;
  }

  private lookAtProgress(world: WorldView, node: number, { progress }: RaftState): Answer {
    const { nodeIds } = world;
    const { matches, nexts } = this.known[node] as Known; // Set when it was elected.
    const end = lastInTurn(world);
    for (let of = firstInTurn(world); of < end; of++) {
      const server = progress[nodeIds[of] as NodeId];
      if (server === undefined) matches[of] = NONE;
      else if (server.matchIndex !== matches[of] || server.nextIndex !== nexts[of]) {
        const finding = this.progressed(world, node, of, server);
        if (finding !== null) return finding;
      }
    }
    return null;
  }

  private progressed(world: WorldView, node: number, of: number, progress: Progress): Answer {
    const { matches, nexts, since } = this.known[node] as Known;
    const matchIndexBefore = matches[of] as number;
    const change = { world, node, of, progress, matchIndexBefore, since: since[of] as number };
    matches[of] = progress.matchIndex;
    nexts[of] = progress.nextIndex;
    if (progress.matchIndex !== matchIndexBefore) since[of] = world.eventIndex;
    const interested = this.interests.onProgress;
    for (let i = 0; i < interested.length; i++) {
      const part = interested[i] as number;
      const finding = this.checkers[part]?.onProgress?.(change) ?? null;
      if (finding !== null) return { ...finding, invariant: this.ids[part] as string };
    }
    return null;
  }
}

const unseen = (): Seen => ({
  incarnation: NONE,
  term: NONE,
  leads: NONE,
  commitIndex: NONE,
  lastApplied: NONE,
  logVersion: NONE,
  baseIndex: NONE,
  configurations: null,
  transfer: null,
  truncations: NONE,
  lastIndex: NONE,
  termSince: NONE,
  commitIndexSince: NONE,
  lastAppliedSince: NONE,
});

function note(
  seen: Seen,
  { incarnation }: NodeView,
  state: RaftState,
  leads: number,
  event: number,
): void {
  const { log, currentTerm, commitIndex, lastApplied } = state;
  if (seen.term !== currentTerm) seen.termSince = event;
  if (seen.commitIndex !== commitIndex) seen.commitIndexSince = event;
  if (seen.lastApplied !== lastApplied) seen.lastAppliedSince = event;
  seen.incarnation = incarnation;
  seen.term = currentTerm;
  seen.leads = leads;
  seen.commitIndex = commitIndex;
  seen.lastApplied = lastApplied;
  seen.configurations = state.configurations;
  seen.transfer = state.transfer;
  seen.logVersion = log.version;
  seen.baseIndex = log.baseIndex;
  seen.truncations = log.truncations;
  seen.lastIndex = log.lastIndex;
}
