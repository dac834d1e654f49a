/** What a node remembers, role by role, and the few steps that all roles share. */
import type { NodeId } from '../../sim/engine/protocol.ts';
import type { Machine } from '../common/state-machine.ts';
import type { Ballot } from './ballot.ts';
import type {
  Configuration,
  LoggedRequest,
  MultiPaxosEffects,
  Proposal,
  Snapshot,
  Value,
} from './messages.ts';
import type { MultiPaxosOptions } from './options.ts';
import type { MultiPaxosRules } from './rules.ts';
import type { Slots } from './slots.ts';

/** A proposer that leads, one that is in phase 1, and everyone else. */
export type Role = 'follower' | 'candidate' | 'leader';

/** A value on its way through phase 2. */
export interface InFlight {
  readonly value: Value;
  /** A client's or an administrator's; found in phase 1; or the filling of a gap. */
  readonly source: 'request' | 'adopted' | 'no-op';
  /** Who has accepted it under the leader's ballot. */
  accepted: NodeId[];
  /** Heartbeats since it was sent. */
  ticks: number;
}

/** A write of the own acceptor that counts in the own proposal once it is durable. */
export type OwnWrite =
  | { readonly type: 'promise'; readonly token: number; readonly ballot: Ballot }
  | {
      readonly type: 'acceptance';
      readonly token: number;
      readonly ballot: Ballot;
      readonly slot: number;
    };

export interface MultiPaxosState {
  // An acceptor's, on disk.
  promised: Ballot;
  accepted: Slots;
  // A proposer's, on disk: the last round that it began.
  round: number;
  // A learner's, on disk.
  snapshot: Snapshot | null;

  // A proposer's.
  role: Role;
  /** Of the present or the last campaign. */
  ballot: Ballot;
  /** The highest ballot heard of. */
  seen: Ballot;
  /** Who has promised the ballot. */
  promises: NodeId[];
  /** For each slot the proposal with the highest ballot that promises have reported. */
  adopted: Record<number, Proposal>;
  /** The highest slot that promises have reported. */
  lastAdopted: number;
  /** Somebody who promised has forgotten the slots up to here: they are decided. */
  base: number;
  proposals: Record<number, InFlight>;
  nextSlot: number;
  /** Requests that wait for the window. */
  waiting: { readonly request: LoggedRequest; readonly acceptors?: readonly NodeId[] }[];
  /** Campaigns in a row that others have spoilt. */
  failures: number;
  ownWrites: OwnWrite[];
  /** The last slot that was open when this node was elected. */
  recoversUpTo: number;
  /** Heartbeats without progress although others are known to be ahead. */
  stuck: number;

  // Of the leader's lease: the last heartbeat, the last that a quorum granted, and who granted it.
  heartbeat: number;
  leasedRound: number;
  grants: { round: number; nodes: NodeId[] };
  /** Whom this acceptor lets lead for a while; '' after a restart: it does not remember whom. */
  leaseHolder: NodeId | null;

  // A learner's.
  chosen: Slots;
  decided: number;
  applied: number;
  machine: Machine;
  /** Those that an open slot needs, and later ones; the oldest first. */
  configurations: readonly Configuration[];
  /** Who is known to have learned more, and up to where. */
  ahead: { readonly node: NodeId; readonly decided: number } | null;
  leaderId: NodeId | null;

  readonly nodes: readonly NodeId[];
  readonly options: MultiPaxosOptions;
}

export function hearOf(state: MultiPaxosState, ballot: Ballot): void {
  if (ballot > state.seen) state.seen = ballot;
}

/** Timeouts are drawn anew each time, and after spoilt campaigns from a longer interval. */
export function restartElectionTimer(
  rules: MultiPaxosRules,
  state: MultiPaxosState,
  effects: MultiPaxosEffects,
): void {
  const [least, most] = rules.electionTimeout(state.options, state.failures);
  effects.setTimer('election', least, most);
}

/** Somebody with a higher ballot is at work: this node proposes nothing any more. */
export function stepDown(
  rules: MultiPaxosRules,
  state: MultiPaxosState,
  effects: MultiPaxosEffects,
): void {
  if (state.role === 'follower') return;
  if (state.role === 'leader') {
    effects.cancelTimer('heartbeat');
    effects.cancelTimer('master');
  }
  state.role = 'follower';
  if (state.leaderId === effects.self) state.leaderId = null;
  state.promises = [];
  state.adopted = {};
  state.proposals = {};
  // What waits has been proposed nowhere, so it can be refused without a doubt.
  for (const { request } of state.waiting) {
    effects.respond(request, { type: 'error', code: 'LEADER_NOT_FOUND' });
  }
  state.waiting = [];
  state.leasedRound = -1;
  restartElectionTimer(rules, state, effects);
}

/** A proposer with this ballot is at work; the node waits for what it brings about. */
export function follow(
  rules: MultiPaxosRules,
  state: MultiPaxosState,
  leaderId: NodeId,
  ballot: Ballot,
  effects: MultiPaxosEffects,
): void {
  hearOf(state, ballot);
  if (state.role !== 'follower' && ballot > state.ballot) stepDown(rules, state, effects);
  if (state.role !== 'follower') return;
  state.leaderId = leaderId;
  state.failures = 0;
  restartElectionTimer(rules, state, effects);
}

/** A proposal is old: whoever made it should know. */
export function reject(
  rules: MultiPaxosRules,
  to: NodeId,
  ballot: Ballot,
  promised: Ballot,
  effects: MultiPaxosEffects,
): void {
  if (rules.answersRejections) effects.send(to, { type: 'Rejected', ballot, promised });
}
