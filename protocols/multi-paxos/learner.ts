/**
 * Phase 3, learning what is chosen: Paxos Made Simple §2.3. The proposer is the distinguished
 * learner and tells the others; then the state machine applies the slots in their order (§3).
 */
import type { Response } from '../../sim/engine/protocol.ts';
import { epochOf } from './ballot.ts';
import { withoutOld } from './configuration.ts';
import type { Learn, MultiPaxosEffects, Proposal, Value } from './messages.ts';
import type { MultiPaxosRules } from './rules.ts';
import { takeSnapshotIfDue } from './snapshot.ts';
import type { MultiPaxosState } from './state.ts';

export function onLearn(
  rules: MultiPaxosRules,
  state: MultiPaxosState,
  { slot, ballot, value }: Learn,
  effects: MultiPaxosEffects,
): void {
  learn(rules, state, slot, { ballot, value }, effects);
}

/** What is chosen never changes, so whatever comes a second time brings nothing. */
export function learn(
  rules: MultiPaxosRules,
  state: MultiPaxosState,
  slot: number,
  proposal: Proposal,
  effects: MultiPaxosEffects,
): void {
  if (slot <= state.decided || state.chosen.get(slot) !== undefined) return;
  state.chosen.set(slot, proposal);
  if (rules.forgetsWhenLearned) state.accepted.remove(slot);
  decide(rules, state, effects);
}

/** Goes on as far as there is no gap. */
export function decide(
  rules: MultiPaxosRules,
  state: MultiPaxosState,
  effects: MultiPaxosEffects,
): void {
  const before = state.decided;
  for (;;) {
    const slot = state.decided + 1;
    const next = state.chosen.get(slot);
    if (next === undefined) break;
    state.decided = slot;
    const { acceptors } = next.value;
    if (acceptors !== undefined) {
      const from = rules.activeFrom(slot, state.options.window);
      state.configurations = [...state.configurations, { from, acceptors }];
    }
  }
  if (state.decided > before) {
    state.configurations = withoutOld(state.configurations, state.decided);
  }
  apply(rules, state, effects);
}

function apply(rules: MultiPaxosRules, state: MultiPaxosState, effects: MultiPaxosEffects): void {
  const last = rules.appliesUpTo(state);
  if (state.applied >= last) return;
  while (state.applied < last) {
    state.applied++;
    const value = state.chosen.get(state.applied)?.value;
    if (value !== undefined) applyValue(state, value, effects);
  }
  const index = state.applied;
  const term = epochOf(state.seen, state.nodes.length);
  effects.log({ event: 'commit_applied', term, context: { index } });
  takeSnapshotIfDue(state, effects);
}

function applyValue(
  state: MultiPaxosState,
  { request, acceptors }: Value,
  effects: MultiPaxosEffects,
): void {
  if (request === null) {
    state.machine.apply(null, 0);
    return;
  }
  // The machine knows nothing of configurations.
  const response =
    acceptors === undefined ? state.machine.apply(request, request.stamp) : configured;
  if (state.role === 'leader') effects.respond(request, response);
}

const configured: Response = Object.freeze({ type: 'ok', value: null });
