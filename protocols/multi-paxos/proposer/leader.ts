/** The stable leader: how it begins, and how it shows that it is there (PMS §3, PML §4.1). */
import { epochOf } from '../ballot.ts';
import { catchUpAsLeader } from '../catch-up.ts';
import {
  allAsked,
  isPrepared,
  isProposer,
  latestConfiguration,
  openConfigurations,
} from '../configuration.ts';
import { beginLeaseRound } from '../lease.ts';
import type { MultiPaxosEffects } from '../messages.ts';
import type { MultiPaxosRules } from '../rules.ts';
import { stepDown, type MultiPaxosState } from '../state.ts';
import { proposeMore, resendAccepts } from './propose.ts';

/** Phase 1 is done, for all slots that are open: what was found is proposed first. */
export function lead(
  rules: MultiPaxosRules,
  state: MultiPaxosState,
  effects: MultiPaxosEffects,
): void {
  state.role = 'leader';
  state.leaderId = effects.self;
  state.failures = 0;
  state.stuck = 0;
  state.proposals = {};
  state.leasedRound = -1;
  state.nextSlot = Math.max(state.decided, state.base) + 1;
  state.recoversUpTo = Math.max(state.lastAdopted, state.base);
  effects.cancelTimer('election');
  effects.log({ event: 'leader_elected', term: epochOf(state.ballot, state.nodes.length) });
  sendHeartbeats(rules, state, effects);
  proposeMore(rules, state, effects);
}

/** Also asks again whoever has not answered: the network may have lost it. */
export function onHeartbeatTimer(
  rules: MultiPaxosRules,
  state: MultiPaxosState,
  effects: MultiPaxosEffects,
): void {
  if (state.role !== 'leader') return;
  // PMS §3, end: once its successors decide, a leader that may not lead them has nothing to do.
  const isOver = state.decided + 1 >= latestConfiguration(state).from;
  if (isOver && !isProposer(state, effects.self)) {
    stepDown(rules, state, effects);
    return;
  }
  sendHeartbeats(rules, state, effects);
  resendAccepts(rules, state, effects);
  prepareNewcomers(state, rules, effects);
}

function sendHeartbeats(
  rules: MultiPaxosRules,
  state: MultiPaxosState,
  effects: MultiPaxosEffects,
): void {
  const { heartbeatMs } = state.options;
  effects.setTimer('heartbeat', heartbeatMs, heartbeatMs);
  beginLeaseRound(rules, state, effects);
  const { ballot, decided, heartbeat: round } = state;
  for (const node of state.nodes) {
    if (node !== effects.self) effects.send(node, { type: 'Heartbeat', ballot, decided, round });
  }
  catchUpAsLeader(rules, state, effects);
}

/** Where a configuration has opened, a quorum of it has to promise first. */
export function prepareNewcomers(
  state: MultiPaxosState,
  rules: MultiPaxosRules,
  effects: MultiPaxosEffects,
): void {
  const { ballot, promises } = state;
  const open = openConfigurations(rules, state);
  if (open.every(({ acceptors }) => isPrepared(rules, state, acceptors))) return;
  const slot = rules.firstSlotAsked(state);
  for (const node of allAsked(rules, state)) {
    if (node === effects.self || promises.includes(node)) continue;
    effects.send(node, { type: 'Prepare', ballot, slot });
  }
}
