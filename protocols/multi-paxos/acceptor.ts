/**
 * The acceptor: Paxos Made Simple §2.2. It answers whoever asks, for only members of a slot's
 * configuration are asked. "Persist before you promise": answers wait for the disk.
 */
import type { NodeId } from '../../sim/engine/protocol.ts';
import type { Ballot } from './ballot.ts';
import type {
  Accept,
  MultiPaxosEffects,
  Prepare,
  Promised,
  Proposal,
  SlotProposal,
} from './messages.ts';
import type { MultiPaxosRules } from './rules.ts';
import {
  follow,
  hearOf,
  reject,
  restartElectionTimer,
  stepDown,
  type MultiPaxosState,
} from './state.ts';

/** Phase 1b. */
export function onPrepare(
  rules: MultiPaxosRules,
  state: MultiPaxosState,
  from: NodeId,
  { ballot, slot }: Prepare,
  effects: MultiPaxosEffects,
): void {
  // A lease is a promise as well; the proposer will ask again.
  if (!rules.respectsLease(state, from)) return;
  if (!rules.mayPromise(state, ballot)) {
    reject(rules, from, ballot, state.promised, effects);
    return;
  }
  const before = state.promised;
  if (promise(state, ballot)) {
    if (rules.persistsPromises) effects.persist({ barrier: rules.promiseWaitsForDisk });
    if (state.role !== 'follower' && ballot > state.ballot) stepDown(rules, state, effects);
    if (state.leaderId !== from) state.leaderId = null;
    // Whoever has just been promised something is given the time to use it.
    restartElectionTimer(rules, state, effects);
  }
  effects.send(from, report(rules, state, { ballot, slot }, before));
}

/** Phase 2b. */
export function onAccept(
  rules: MultiPaxosRules,
  state: MultiPaxosState,
  from: NodeId,
  { ballot, slot, value }: Accept,
  effects: MultiPaxosEffects,
): void {
  if (!rules.mayAccept(state, ballot, slot)) {
    reject(rules, from, ballot, state.promised, effects);
    return;
  }
  if (ballot >= state.seen) follow(rules, state, from, ballot, effects);
  // Decided and forgotten: the proposer lags behind, and will be told what is chosen.
  if (slot <= state.accepted.base) return;
  if (accept(rules, state, slot, { ballot, value }) && rules.persistsAcceptances) {
    effects.persist({ barrier: rules.acceptanceWaitsForDisk });
  }
  effects.send(from, { type: 'Accepted', ballot, slot });
}

/** True when the promise is new, and not yet on disk. */
export function promise(state: MultiPaxosState, ballot: Ballot): boolean {
  hearOf(state, ballot);
  if (ballot === state.promised) return false;
  state.promised = ballot;
  return true;
}

/** True when it changes something, which is not yet on disk. */
export function accept(
  rules: MultiPaxosRules,
  state: MultiPaxosState,
  slot: number,
  proposal: Proposal,
): boolean {
  const { promised, accepted } = state;
  state.promised = rules.promisedAfterAccept(promised, proposal.ballot);
  if (accepted.get(slot)?.ballot === proposal.ballot && state.promised === promised) {
    return false;
  }
  accepted.set(slot, proposal);
  return true;
}

/** What the acceptor has accepted in `slot` and behind it. */
export function report(
  rules: MultiPaxosRules,
  state: MultiPaxosState,
  { ballot, slot }: Pick<Prepare, 'ballot' | 'slot'>,
  promisedBefore: Ballot,
): Promised {
  const { accepted, decided } = state;
  const accepting = accepted.range(slot, accepted.last).map((one): SlotProposal => ({
    ...one,
    ballot: rules.reportedBallot(one, promisedBefore),
  }));
  return { type: 'Promised', ballot, base: accepted.base, decided, slot, accepted: accepting };
}
