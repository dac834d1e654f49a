/** Phase 2, the proposer's part: Paxos Made Simple §2.2, and §3 for many slots at a time. */
import type { NodeId } from '../../../sim/engine/protocol.ts';
import { accept } from '../acceptor.ts';
import { epochOf } from '../ballot.ts';
import {
  acceptorsAt,
  isAcceptQuorum,
  isLearner,
  isPrepared,
  latestConfiguration,
} from '../configuration.ts';
import { learn } from '../learner.ts';
import type { Accepted, MultiPaxosEffects, Value } from '../messages.ts';
import type { MultiPaxosRules } from '../rules.ts';
import type { InFlight, MultiPaxosState } from '../state.ts';

/** Proposes, slot by slot, as long as there is something to propose and the window is open. */
export function proposeMore(
  rules: MultiPaxosRules,
  state: MultiPaxosState,
  effects: MultiPaxosEffects,
): void {
  while (state.role === 'leader') {
    // What has been learned from others needs no proposal.
    const slot = Math.max(state.nextSlot, state.decided + 1);
    state.nextSlot = slot;
    if (slot > rules.lastSlotOpen(state)) return;
    const acceptors = acceptorsAt(state, slot);
    if (rules.preparesNewConfigurations && !isPrepared(rules, state, acceptors)) return;
    if (state.chosen.get(slot) === undefined && !proposeIn(rules, state, slot, effects)) return;
    state.nextSlot = slot + 1;
  }
}

/** False when there is nothing to propose. */
function proposeIn(
  rules: MultiPaxosRules,
  state: MultiPaxosState,
  slot: number,
  effects: MultiPaxosEffects,
): boolean {
  const adopted = state.adopted[slot];
  if (adopted !== undefined) {
    send(rules, state, slot, { value: adopted.value, source: 'adopted' }, effects);
    return true;
  }
  const { ballot: origin } = state;
  if (slot < state.lastAdopted) {
    if (rules.fillsGaps) fill(rules, state, slot, effects);
    return true;
  }
  const next = state.waiting.shift();
  if (next !== undefined) {
    const value: Value = Object.freeze({ origin, ...next });
    send(rules, state, slot, { value, source: 'request' }, effects);
    return true;
  }
  // PMS §3, end: whoever wants a new configuration soon fills the slots before it.
  if (slot >= latestConfiguration(state).from) return false;
  fill(rules, state, slot, effects);
  return true;
}

function fill(
  rules: MultiPaxosRules,
  state: MultiPaxosState,
  slot: number,
  effects: MultiPaxosEffects,
): void {
  const value: Value = Object.freeze({ origin: state.ballot, request: null });
  send(rules, state, slot, { value, source: 'no-op' }, effects);
}

/** Phase 2a. Others may write in parallel with the own acceptor: no barrier. */
function send(
  rules: MultiPaxosRules,
  state: MultiPaxosState,
  slot: number,
  what: Pick<InFlight, 'value' | 'source'>,
  effects: MultiPaxosEffects,
): void {
  const { ballot } = state;
  state.proposals[slot] = { ...what, accepted: [], ticks: 0 };
  const acceptors = rules.asked(acceptorsAt(state, slot), state.nodes);
  for (const node of acceptors) {
    if (node !== effects.self) {
      effects.send(node, { type: 'Accept', ballot, slot, value: what.value });
    }
  }
  if (!acceptors.includes(effects.self) || !rules.mayAccept(state, ballot, slot)) return;
  accept(rules, state, slot, { ballot, value: what.value });
  const token = rules.persistsAcceptances ? effects.persist({ barrier: false }) : -1;
  if (rules.ownAnswersWaitForDisk && token >= 0) {
    state.ownWrites.push({ type: 'acceptance', token, ballot, slot });
  } else {
    count(rules, state, effects.self, slot, effects);
  }
}

/** Asks again whoever has not accepted what was proposed before the last heartbeat. */
export function resendAccepts(
  rules: MultiPaxosRules,
  state: MultiPaxosState,
  effects: MultiPaxosEffects,
): void {
  const { ballot, proposals } = state;
  for (const key of Object.keys(proposals)) {
    const slot = Number(key);
    const proposal = proposals[slot] as InFlight;
    proposal.ticks++;
    if (proposal.ticks === 1) continue;
    for (const node of rules.asked(acceptorsAt(state, slot), state.nodes)) {
      if (node === effects.self || proposal.accepted.includes(node)) continue;
      effects.send(node, { type: 'Accept', ballot, slot, value: proposal.value });
    }
  }
}

export function onAccepted(
  rules: MultiPaxosRules,
  state: MultiPaxosState,
  from: NodeId,
  { ballot, slot }: Accepted,
  effects: MultiPaxosEffects,
): void {
  if (state.role !== 'leader' || !rules.countsAccepted(state, ballot)) return;
  count(rules, state, from, slot, effects);
}

/** PMS §2.3: a quorum has accepted it, so it is chosen; everyone is told. */
export function count(
  rules: MultiPaxosRules,
  state: MultiPaxosState,
  acceptor: NodeId,
  slot: number,
  effects: MultiPaxosEffects,
): void {
  const proposal = state.proposals[slot];
  if (proposal === undefined) return;
  proposal.accepted = rules.addAcceptance(proposal.accepted, acceptor);
  if (!isAcceptQuorum(rules, state, acceptorsAt(state, slot), proposal.accepted)) return;
  const { ballot } = state;
  const { value } = proposal;
  Reflect.deleteProperty(state.proposals, slot);
  const term = epochOf(ballot, state.nodes.length);
  effects.log({ event: 'log_replicated', term, context: { index: slot } });
  for (const node of state.nodes) {
    if (node === effects.self || !isLearner(state, node)) continue;
    effects.send(node, { type: 'Learn', ballot, slot, value });
  }
  learn(rules, state, slot, { ballot, value }, effects);
}
