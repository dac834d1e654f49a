/** Raft: which handler serves which message. The README maps sections of the paper to files. */
import type { Observation, Protocol, Request } from '../../sim/engine/protocol.ts';
import { defaultClient } from '../common/client.ts';
import { Log } from '../common/log.ts';
import { Machine } from '../common/state-machine.ts';
import { administration } from './administration.ts';
import { onQuorumTimer } from './check-quorum.ts';
import { onApplyTimer } from './commitment.ts';
import { onBatchTimer, onRequest } from './client.ts';
import { groupsOf } from './configuration.ts';
import { countVote, onRequestVote, onRequestVoteReply } from './election.ts';
import { settleConfiguration, onChangeMembership } from './membership.ts';
import { baseConfiguration, configurationsFrom } from './membership-log.ts';
import {
  describeMessage,
  type Entry,
  type RaftEffects,
  type RaftMessage,
  type RaftTimer,
} from './messages.ts';
import { sparse, type RaftOptions } from './options.ts';
import { onElectionTimeout, onPreVote, onPreVoteReply } from './pre-vote.ts';
import { onAppendEntries } from './append-entries.ts';
import { onAppendEntriesReply, onOwnEntriesDurable, sendHeartbeats } from './replication.ts';
import { onReadIndexReply, onReadTimer } from './follower-reads.ts';
import { onRead, onReadIndex, settleReads } from './reads.ts';
import { paperRules, type RaftRules } from './rules.ts';
import { onInstallSnapshot, onInstallSnapshotReply } from './install-snapshot.ts';
import { initialStorage, onLogDurable } from './storage.ts';
import { configurationOf, restartElectionTimer, type RaftState } from './state.ts';
import {
  onTimeoutNow,
  onTransferLeadership,
  onTransferTimer,
  proceedWithTransfer,
} from './transfer.ts';

export type Raft = Protocol<RaftState, RaftMessage, RaftTimer, RaftOptions>;

/** The protocol made from its rules; the paper's own when none are given. */
export function raft(rules: RaftRules = paperRules): Raft {
  return {
    name: 'raft',
    paper: 'Ongaro and Ousterhout, In Search of an Understandable Consensus Algorithm (extended)',
    durable: ['currentTerm', 'votedFor', 'log', 'snapshot'],
    start(durable, options, effects) {
      const state = initialState(rules, durable, options, effects);
      restartElectionTimer(rules, state, effects);
      return state;
    },
    onMessage: {
      RequestVote: (state, _from, message, effects) =>
        onRequestVote(rules, state, message, effects),
      RequestVoteReply: (state, from, message, effects) =>
        onRequestVoteReply(rules, state, from, message, effects),
      PreVote: (state, _from, message, effects) => onPreVote(rules, state, message, effects),
      PreVoteReply: (state, from, message, effects) =>
        onPreVoteReply(rules, state, from, message, effects),
      AppendEntries: (state, _from, message, effects) => {
        onAppendEntries(rules, state, message, effects);
        settleReads(rules, state, effects);
      },
      AppendEntriesReply: (state, from, message, effects) => {
        onAppendEntriesReply(rules, state, from, message, effects);
        settle(rules, state, effects);
      },
      InstallSnapshot: (state, _from, message, effects) => {
        onInstallSnapshot(rules, state, message, effects);
        settleReads(rules, state, effects);
      },
      InstallSnapshotReply: (state, from, message, effects) =>
        onInstallSnapshotReply(rules, state, from, message, effects),
      TimeoutNow: (state, _from, message, effects) => onTimeoutNow(rules, state, message, effects),
      ReadIndex: (state, from, message, effects) =>
        onReadIndex(rules, state, from, message, effects),
      ReadIndexReply: (state, _from, message, effects) => {
        onReadIndexReply(rules, state, message, effects);
        settleReads(rules, state, effects);
      },
    },
    onTimer: {
      election: (state, effects) => onElectionTimeout(rules, state, effects),
      heartbeat: (state, effects) => sendHeartbeats(rules, state, effects),
      quorum: (state, effects) => onQuorumTimer(rules, state, effects),
      batch: (state, effects) => onBatchTimer(rules, state, effects),
      transfer: (state, effects) => onTransferTimer(state, effects),
      apply: (state, effects) => {
        onApplyTimer(rules, state, effects);
        settle(rules, state, effects);
      },
      read: (state, effects, key) => onReadTimer(state, key, effects),
    },
    onRequest: (state, request, effects) => onAnyRequest(rules, state, request, effects),
    onPersisted(state, token, effects) {
      if (token === state.voteToken) {
        state.voteToken = -1;
        countVote(rules, state, effects.self, effects);
      }
      onOwnEntriesDurable(rules, state, token, effects);
      onLogDurable(state, token, effects);
      settle(rules, state, effects);
    },
    client: defaultClient,
    observe,
    describe: describeMessage,
  };
}

/** Most requests are a client's; an administrator's change who is in the cluster and who leads. */
function onAnyRequest(
  rules: RaftRules,
  state: RaftState,
  request: Request,
  effects: RaftEffects,
): void {
  const { type } = request.command;
  if (onRead(rules, state, request, effects)) return;
  if (state.role !== 'leader' || administration[type] === undefined) {
    onRequest(rules, state, request, effects);
  } else if (type === 'transfer-leadership') {
    onTransferLeadership(rules, state, request, effects);
  } else if (!rules.acceptsRequests(state)) {
    onRequest(rules, state, request, effects);
  } else {
    onChangeMembership(rules, state, request, effects);
  }
}

/** What follows from an acknowledgement: reads, a configuration or a transfer may be due. */
function settle(rules: RaftRules, state: RaftState, effects: RaftEffects): void {
  settleReads(rules, state, effects);
  settleConfiguration(rules, state, effects);
  if (state.transfer === null || state.role !== 'leader') return;
  proceedWithTransfer(rules, state, effects);
}

function initialState(
  rules: RaftRules,
  durable: Partial<RaftState> | null,
  options: RaftOptions,
  effects: RaftEffects,
): RaftState {
  const snapshot = durable?.snapshot ?? null;
  const applied = snapshot?.lastIncludedIndex ?? 0;
  const { deduplicate, dedupWindowMs } = options;
  const machineOptions = { deduplicate, dedupWindowMs };
  const log = durable?.log ?? new Log<Entry>();
  const base = baseConfiguration(rules, snapshot?.lastConfig ?? null, options, effects);
  return {
    currentTerm: durable?.currentTerm ?? 0,
    votedFor: durable?.votedFor ?? null,
    log,
    snapshot,
    role: 'follower',
    leaderId: null,
    commitIndex: applied,
    lastApplied: applied,
    machine: snapshot === null ? Machine.empty(machineOptions) : Machine.restore(snapshot.machine),
    leaderContactAt: promisedAt(rules, durable, options, effects),
    incoming: null,
    votesGranted: [],
    voteToken: -1,
    progress: {},
    persisting: [],
    isBatching: false,
    storage: initialStorage(options.asyncStorage, log.lastIndex),
    applying: 0,
    reading: null,
    asked: [],
    transfer: null,
    configurations: configurationsFrom(base, log),
    options: sparse(options),
  };
}

/** With leases, a server that comes back counts as having heard from a leader just now. */
function promisedAt(
  rules: RaftRules,
  durable: Partial<RaftState> | null,
  { reads }: RaftOptions,
  effects: RaftEffects,
): number {
  const mayHavePromised = durable !== null && reads === 'lease' && rules.promisesAfterRestart;
  return mayHavePromised ? effects.now() : -1;
}

function observe(state: RaftState): Observation {
  return {
    role: state.role,
    epoch: state.currentTerm,
    leads: state.role === 'leader',
    leader: state.leaderId,
    decided: state.commitIndex,
    applied: state.lastApplied,
    log: state.log,
    electorates: groupsOf(configurationOf(state)),
  };
}
