/**
 * Who leads: Paxos Made Simple §2.4. A proposer that hears nothing from a leader begins phase 1;
 * one that is pre-empted waits for a random time, from an interval that doubles (PMMC §3).
 */
import type { NodeId } from '../../sim/engine/protocol.ts';
import { askIfBehind, noteAhead } from './catch-up.ts';
import { isProposer } from './configuration.ts';
import { grantLease } from './lease.ts';
import type { Heartbeat, MultiPaxosEffects, Rejected } from './messages.ts';
import { startCampaign } from './proposer/prepare.ts';
import type { MultiPaxosRules } from './rules.ts';
import {
  follow,
  hearOf,
  reject,
  restartElectionTimer,
  stepDown,
  type MultiPaxosState,
} from './state.ts';

export function onElectionTimeout(
  rules: MultiPaxosRules,
  state: MultiPaxosState,
  effects: MultiPaxosEffects,
): void {
  if (state.role === 'leader') return;
  if (!isProposer(state, effects.self) || !rules.respectsLease(state, effects.self)) {
    restartElectionTimer(rules, state, effects);
    return;
  }
  if (state.role === 'candidate') state.failures++;
  startCampaign(rules, state, effects);
}

/** PMS §2.4: who hears of a higher ballot gives up its own. */
export function onRejected(
  rules: MultiPaxosRules,
  state: MultiPaxosState,
  { ballot, promised }: Rejected,
  effects: MultiPaxosEffects,
): void {
  hearOf(state, promised);
  if (state.role === 'follower' || ballot !== state.ballot || promised <= ballot) return;
  state.failures++;
  stepDown(rules, state, effects);
}

export function onHeartbeat(
  rules: MultiPaxosRules,
  state: MultiPaxosState,
  from: NodeId,
  { ballot, decided, round }: Heartbeat,
  effects: MultiPaxosEffects,
): void {
  if (ballot < state.seen) {
    reject(rules, from, ballot, state.seen, effects);
    return;
  }
  follow(rules, state, from, ballot, effects);
  grantLease(state, from, ballot, round, effects);
  // What the last heartbeat spoke of should have been learned by now.
  askIfBehind(state, effects);
  noteAhead(state, from, decided);
}
