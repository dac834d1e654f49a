/**
 * The rules of membership (extended Raft paper §6; D: Ongaro's dissertation, §4) and of leadership
 * transfer (D §3.10), one function each; `rules.ts` has them all together.
 */
import type { NodeId } from '../../sim/engine/protocol.ts';
import {
  groupsOf,
  isJoint,
  isVoter,
  orderlyChange,
  type Configuration,
  type ConfigurationAt,
} from './configuration.ts';
import type { RequestVote } from './messages.ts';
import { countIn } from './quorum/majority.ts';
import { configurationOf, latestConfiguration, type Progress, type RaftState } from './state.ts';
import { optionsOf } from './options.ts';

export const membershipRules = {
  /** D §4.4: every node begins with the same members; one that is not named waits outside. */
  firstMembers: (
    members: readonly NodeId[] | null,
    nodes: readonly NodeId[],
    _self: NodeId,
  ): readonly NodeId[] => members ?? nodes,

  /** D §5.1: a snapshot stands for the configuration entries that it replaces, too. */
  configurationOfSnapshot: (lastConfig: ConfigurationAt | null): ConfigurationAt | null =>
    lastConfig,

  /** §6: the groups of which each has to agree by its own majority, to an election or an entry. */
  majorities: (
    configuration: Configuration,
    _agreement: 'election' | 'commit',
  ): readonly (readonly NodeId[])[] => groupsOf(configuration),

  /** §6, D §4.2.1: only votes of the group count, whoever else has voted. */
  votesIn: countIn,

  /** D §4.2.2: up to where the servers of the group have the log; nobody else's copies count. */
  matchesIn: (state: RaftState, group: readonly NodeId[]): number[] => {
    const matches: number[] = [];
    for (const server of group) matches.push(state.progress[server]?.matchIndex ?? 0);
    return matches;
  },

  /**
   * D §4.2.1: learners and strangers do not campaign. D §4.2.2: a server that is being removed may
   * still be needed, until its removal is committed.
   */
  mayCampaign: (state: RaftState, self: NodeId): boolean => {
    if (isVoter(configurationOf(state), self)) return true;
    const { configurations, commitIndex } = state;
    const before = configurations[configurations.length - 2];
    if (before === undefined || latestConfiguration(state).index <= commitIndex) return false;
    return isVoter(before.configuration, self);
  },

  /** D §4.1: a configuration goes with its log entry. Those at or below `last` are kept. */
  configurationsKept: (
    configurations: readonly ConfigurationAt[],
    last: number,
  ): readonly ConfigurationAt[] => {
    const latest = configurations[configurations.length - 1] as ConfigurationAt;
    if (latest.index <= last) return configurations;
    return configurations.filter(({ index }, i) => i === 0 || index <= last);
  },

  /** What a leader knew of a server stays known when the configuration changes. */
  progressKept: (
    progress: Readonly<Record<NodeId, Progress>>,
  ): Readonly<Record<NodeId, Progress>> => progress,

  /** D §4.1: a change waits until the one before is committed. */
  isChangeUnderWay: (state: RaftState): boolean =>
    latestConfiguration(state).index > state.commitIndex,

  /** Ongaro, raft-dev, 2015: no change before the leader has committed an entry of its term. */
  hasCommittedInTerm: (state: RaftState): boolean =>
    state.log.termAt(state.commitIndex) === state.currentTerm,

  /** D §4.3: one voter may come or go at once; more take a joint configuration (§6). */
  nextConfiguration: orderlyChange,

  /** §6: C_old,new is left once it is committed, unless it waits for a word. */
  jointToLeave: (state: RaftState): Configuration | null => {
    const { index, configuration } = latestConfiguration(state);
    const isDue = isJoint(configuration) && configuration.autoLeave;
    return isDue && index <= state.commitIndex ? configuration : null;
  },

  /** D §4.2.2: a leader that is not in the committed configuration steps down. */
  stepsDown: (state: RaftState, self: NodeId): boolean => !isVoter(configurationOf(state), self),

  /** D §4.2.1: a learner that has all that is committed may become a voter. */
  isCaughtUp: (state: RaftState, server: NodeId): boolean =>
    (state.progress[server]?.matchIndex ?? 0) >= state.commitIndex,

  /** D §3.10: only to somebody who can be elected. */
  mayTransferTo: (state: RaftState, to: NodeId): boolean => isVoter(configurationOf(state), to),

  /** D §3.10: the target wins only if it has all of the leader's log. */
  isReadyForTransfer: (state: RaftState, to: NodeId): boolean =>
    state.progress[to]?.matchIndex === state.log.lastIndex,

  /** D §3.10: while leadership is on its way, nothing new is taken up. */
  acceptsRequests: (state: RaftState): boolean => state.transfer === null,

  /** Between equal logs, a server of higher priority does not vote for one of lower. */
  isPreferred: (
    state: RaftState,
    candidate: Pick<RequestVote, 'candidateId' | 'lastLogIndex' | 'lastLogTerm'>,
    self: NodeId,
  ): boolean => {
    const { log } = state;
    const { priorities } = optionsOf(state);
    if (priorities === null) return true;
    const { lastLogIndex, lastLogTerm } = candidate;
    if (lastLogTerm > log.lastTerm || lastLogIndex > log.lastIndex) return true;
    return (priorities[candidate.candidateId] ?? 0) >= (priorities[self] ?? 0);
  },
};
