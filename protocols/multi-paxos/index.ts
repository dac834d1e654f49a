/** Multi-Paxos: which handler serves which message. The README maps the papers to files. */
import type { LogView, Observation, Protocol, WriteToken } from '../../sim/engine/protocol.ts';
import { defaultClient } from '../common/client.ts';
import { Machine } from '../common/state-machine.ts';
import { onAccept, onPrepare } from './acceptor.ts';
import { epochOf, noBallot } from './ballot.ts';
import { onCatchUp, onCaughtUp, onInstallSnapshot } from './catch-up.ts';
import { onRequest } from './client.ts';
import { openConfigurations } from './configuration.ts';
import { onElectionTimeout, onHeartbeat, onRejected } from './election.ts';
import { holdLease, onGranted, onLeaseTimer, onMasterTimer, usesLeases } from './lease.ts';
import { onLearn } from './learner.ts';
import {
  describeMessage,
  type MultiPaxosEffects,
  type MultiPaxosMessage,
  type MultiPaxosTimer,
} from './messages.ts';
import type { MultiPaxosOptions } from './options.ts';
import { onHeartbeatTimer, prepareNewcomers } from './proposer/leader.ts';
import { onOwnPromise, onPromised } from './proposer/prepare.ts';
import { count, onAccepted, proposeMore } from './proposer/propose.ts';
import { paperRules, type MultiPaxosRules } from './rules.ts';
import { Slots } from './slots.ts';
import { restartElectionTimer, type MultiPaxosState } from './state.ts';

export type MultiPaxos = Protocol<
  MultiPaxosState,
  MultiPaxosMessage,
  MultiPaxosTimer,
  MultiPaxosOptions
>;

/** The protocol made from its rules; the papers' own when none are given. */
export function multiPaxos(rules: MultiPaxosRules = paperRules): MultiPaxos {
  return {
    name: 'multi-paxos',
    paper: 'Lamport, Paxos Made Simple, 2001',
    durable: ['promised', 'accepted', 'round', 'snapshot'],
    start(durable, options, effects) {
      const state = initialState(rules, durable, options, effects);
      restartElectionTimer(rules, state, effects);
      if (durable !== null && usesLeases(state)) holdLease(state, '', effects);
      return state;
    },
    onMessage: {
      Prepare: (state, from, message, effects) => onPrepare(rules, state, from, message, effects),
      Promised(state, from, message, effects) {
        onPromised(rules, state, from, message, effects);
        proposeMore(rules, state, effects);
      },
      Accept: (state, from, message, effects) => onAccept(rules, state, from, message, effects),
      Accepted(state, from, message, effects) {
        const before = state.configurations;
        onAccepted(rules, state, from, message, effects);
        settle(rules, state, before, effects);
      },
      Rejected: (state, _from, message, effects) => onRejected(rules, state, message, effects),
      Learn(state, _from, message, effects) {
        const before = state.configurations;
        onLearn(rules, state, message, effects);
        settle(rules, state, before, effects);
      },
      Heartbeat: (state, from, message, effects) =>
        onHeartbeat(rules, state, from, message, effects),
      Granted: (state, from, message) => onGranted(rules, state, from, message),
      CatchUp: (state, from, message, effects) => onCatchUp(rules, state, from, message, effects),
      CaughtUp(state, from, message, effects) {
        const before = state.configurations;
        onCaughtUp(rules, state, from, message, effects);
        settle(rules, state, before, effects);
      },
      InstallSnapshot(state, from, message, effects) {
        const before = state.configurations;
        onInstallSnapshot(rules, state, from, message, effects);
        settle(rules, state, before, effects);
      },
    },
    onTimer: {
      election: (state, effects) => onElectionTimeout(rules, state, effects),
      heartbeat: (state, effects) => onHeartbeatTimer(rules, state, effects),
      lease: (state) => onLeaseTimer(state),
      master: (state, _effects, key) => onMasterTimer(rules, state, key),
    },
    onRequest: (state, request, effects) => onRequest(rules, state, request, effects),
    onPersisted: (state, token, effects) => onPersisted(rules, state, token, effects),
    client: defaultClient,
    observe,
    describe: describeMessage,
  };
}

/** The own acceptor has answered. */
function onPersisted(
  rules: MultiPaxosRules,
  state: MultiPaxosState,
  token: WriteToken,
  effects: MultiPaxosEffects,
): void {
  const before = state.configurations;
  while ((state.ownWrites[0]?.token ?? Infinity) <= token) {
    const write = state.ownWrites.shift();
    // What was promised or accepted for an earlier ballot says nothing of this one.
    if (write === undefined || write.ballot !== state.ballot) continue;
    if (write.type === 'promise') onOwnPromise(rules, state, effects);
    else if (state.role === 'leader') count(rules, state, effects.self, write.slot, effects);
  }
  settle(rules, state, before, effects);
}

/** What follows when slots have been decided: the window moves, configurations change. */
function settle(
  rules: MultiPaxosRules,
  state: MultiPaxosState,
  before: MultiPaxosState['configurations'],
  effects: MultiPaxosEffects,
): void {
  if (state.role !== 'leader') return;
  dropLearned(state);
  if (state.configurations !== before) prepareNewcomers(state, rules, effects);
  proposeMore(rules, state, effects);
}

/** What was learned from others needs no acceptances any more. */
function dropLearned(state: MultiPaxosState): void {
  for (const key of Object.keys(state.proposals)) {
    const slot = Number(key);
    if (slot <= state.decided || state.chosen.get(slot) !== undefined) {
      Reflect.deleteProperty(state.proposals, slot);
    }
  }
}

function initialState(
  rules: MultiPaxosRules,
  durable: Partial<MultiPaxosState> | null,
  options: MultiPaxosOptions,
  { nodes }: MultiPaxosEffects,
): MultiPaxosState {
  const snapshot = durable?.snapshot ?? null;
  const decided = snapshot?.slot ?? 0;
  const promised = durable?.promised ?? noBallot;
  const { deduplicate, dedupWindowMs } = options;
  const machineOptions = { deduplicate, dedupWindowMs };
  const chosen = new Slots();
  chosen.truncate(decided, snapshot?.origin ?? noBallot);
  const first = { from: 1, acceptors: options.acceptors ?? nodes };
  const stored = rules.configurationsOfSnapshot(snapshot?.configurations ?? []);
  return {
    promised,
    accepted: durable?.accepted ?? new Slots(),
    round: durable?.round ?? 0,
    snapshot,
    role: 'follower',
    ballot: noBallot,
    seen: promised,
    promises: [],
    adopted: {},
    lastAdopted: 0,
    base: 0,
    proposals: {},
    nextSlot: 1,
    waiting: [],
    failures: 0,
    ownWrites: [],
    recoversUpTo: 0,
    stuck: 0,
    heartbeat: 0,
    leasedRound: -1,
    grants: { round: 0, nodes: [] },
    leaseHolder: null,
    chosen,
    decided,
    applied: decided,
    machine: snapshot === null ? Machine.empty(machineOptions) : Machine.restore(snapshot.machine),
    configurations: stored.length > 0 ? stored : [first],
    ahead: null,
    leaderId: null,
    nodes,
    options,
  };
}

function observe(state: MultiPaxosState): Observation {
  const { role, decided, applied, leaderId } = state;
  const { prepareQuorum, acceptQuorum } = state.options;
  return {
    role,
    epoch: epochOf(role === 'follower' ? state.seen : state.ballot, state.nodes.length),
    leads: role === 'leader',
    leader: leaderId,
    decided,
    applied,
    log: logOf(state),
    electorates: openConfigurations(paperRules, state).map(({ acceptors }) => acceptors),
    ...(prepareQuorum === null || acceptQuorum === null
      ? {}
      : { quorum: Math.max(prepareQuorum, acceptQuorum) }),
  };
}

/**
 * The log as others see it: what is chosen here or at least accepted, up to the first gap. An
 * entry's term is the ballot under which its value was first proposed.
 */
function logOf({ chosen, accepted, decided, nodes }: MultiPaxosState): LogView {
  const valueIn = (slot: number) => (chosen.get(slot) ?? accepted.get(slot))?.value;
  let lastIndex = decided;
  while (valueIn(lastIndex + 1) !== undefined) lastIndex++;
  return {
    firstIndex: chosen.base + 1,
    lastIndex,
    termAt(index) {
      const value = index > lastIndex ? undefined : valueIn(index);
      const origin = index === chosen.base ? chosen.baseOrigin : value?.origin;
      return origin === undefined ? -1 : epochOf(origin, nodes.length);
    },
  };
}
