/**
 * The master's lease: Paxos Made Live §5.2. Acceptors that hear the leader promise nothing to
 * anybody else for a while; so long, measured from its question and by a margin less, the leader
 * may answer reads from its own state. Timers are used, not clocks' readings, so that a clock that
 * is set does no harm; one that runs too fast or slow does, beyond the margin.
 */
import type { NodeId } from '../../sim/engine/protocol.ts';
import { isAcceptQuorum, openConfigurations } from './configuration.ts';
import type { Ballot } from './ballot.ts';
import type { Granted, MultiPaxosEffects } from './messages.ts';
import type { MultiPaxosRules } from './rules.ts';
import type { MultiPaxosState } from './state.ts';

export function usesLeases({ options }: MultiPaxosState): boolean {
  return options.reads === 'lease';
}

/** Each heartbeat asks for the lease anew; its timer tells when what it brings is over. */
export function beginLeaseRound(
  rules: MultiPaxosRules,
  state: MultiPaxosState,
  effects: MultiPaxosEffects,
): void {
  if (!usesLeases(state)) return;
  state.heartbeat++;
  const ms = rules.masterLeaseMs(state.options);
  effects.setTimer('master', ms, ms, String(state.heartbeat % masterTimers(rules, state)));
  // The own acceptor grants it as well, and keeps its word like any other.
  state.grants = { round: state.heartbeat, nodes: [effects.self] };
  holdLease(state, effects.self, effects);
  countGrants(rules, state);
}

/** An acceptor that has promised a higher ballot has nothing to grant. */
export function grantLease(
  state: MultiPaxosState,
  from: NodeId,
  ballot: Ballot,
  round: number,
  effects: MultiPaxosEffects,
): void {
  if (!usesLeases(state) || state.promised > ballot) return;
  if (state.leaseHolder !== null && state.leaseHolder !== from && state.leaseHolder !== '') return;
  holdLease(state, from, effects);
  effects.send(from, { type: 'Granted', ballot, round });
}

/** A restarted acceptor does not know what it had granted, so it waits as long as it might. */
export function holdLease(
  state: MultiPaxosState,
  holder: NodeId,
  effects: MultiPaxosEffects,
): void {
  const { leaseMs } = state.options;
  state.leaseHolder = holder;
  effects.setTimer('lease', leaseMs, leaseMs);
}

export function onLeaseTimer(state: MultiPaxosState): void {
  state.leaseHolder = null;
}

export function onGranted(
  rules: MultiPaxosRules,
  state: MultiPaxosState,
  from: NodeId,
  { ballot, round }: Granted,
): void {
  const { grants } = state;
  if (state.role !== 'leader' || ballot !== state.ballot || round !== grants.round) return;
  if (!grants.nodes.includes(from)) grants.nodes.push(from);
  countGrants(rules, state);
}

/** Whoever wants to lead needs a quorum of phase 1, and it meets every quorum of phase 2. */
function countGrants(rules: MultiPaxosRules, state: MultiPaxosState): void {
  const { round, nodes } = state.grants;
  const isGranted = openConfigurations(rules, state).every(({ acceptors }) =>
    isAcceptQuorum(rules, state, acceptors, nodes),
  );
  if (isGranted) state.leasedRound = round;
}

/** The lease that came of the last heartbeat with this timer is over. */
export function onMasterTimer(rules: MultiPaxosRules, state: MultiPaxosState, key: string): void {
  const timers = masterTimers(rules, state);
  const { heartbeat } = state;
  const round = heartbeat - ((heartbeat - Number(key) + timers) % timers);
  if (state.leasedRound <= round) state.leasedRound = -1;
}

/** So many leases may run at a time; each has a timer, which has fired when it is needed again. */
function masterTimers(rules: MultiPaxosRules, { options }: MultiPaxosState): number {
  return Math.floor(rules.masterLeaseMs(options) / options.heartbeatMs) + 2;
}

export function holdsLease(rules: MultiPaxosRules, state: MultiPaxosState): boolean {
  return state.leasedRound >= 0 && rules.hasRecovered(state);
}
