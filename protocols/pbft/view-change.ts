/** View changes: Castro and Liskov, §4.4 and §4.5.2. How a view ends. */
import { deepFreeze } from '../../sim/engine/clone.ts';
import type { PbftEffects, ViewChange } from './messages.ts';
import { beginView, isViewChangeValid } from './new-view.ts';
import type { PbftRules } from './rules.ts';
import { isViewChangeSigned } from './signatures.ts';
import { broadcast, faultsOf, isPrimary, quorumOf, type PbftState } from './state.ts';
import { startTimer, stopTimer } from './timers.ts';

/** The primary has not delivered, or the next one has not begun its view in time. */
export function onViewChangeTimer(rules: PbftRules, state: PbftState, effects: PbftEffects): void {
  state.isTimerRunning = false;
  changeView(rules, state, state.view + 1, effects);
}

/** §4.4: from now on this replica waits for `view` and leaves the one before alone. */
export function changeView(
  rules: PbftRules,
  state: PbftState,
  view: number,
  effects: PbftEffects,
): void {
  stopTimer(state, effects);
  state.view = view;
  state.isActive = false;
  state.newView = null;
  state.early = [];
  state.failures++;
  effects.log({ event: 'election_started', term: view });
  effects.persist();
  announceViewChange(rules, state, effects);
}

/** Sends this replica's VIEW-CHANGE; after a restart, the same once more. */
export function announceViewChange(rules: PbftRules, state: PbftState, effects: PbftEffects): void {
  const own = viewChangeOf(rules, state, effects);
  broadcast(own, effects);
  addViewChange(state, own);
  awaitNewView(rules, state, effects);
}

function viewChangeOf(rules: PbftRules, state: PbftState, effects: PbftEffects): ViewChange {
  const { view, stable, slots } = state;
  const content = {
    type: 'ViewChange' as const,
    view,
    stable: stable.sequence,
    proof: stable.proof,
    prepared: rules.preparedSince(slots, stable.sequence),
    replica: effects.self,
  };
  return deepFreeze({ ...content, signature: effects.sign(content) });
}

export function onViewChange(
  rules: PbftRules,
  state: PbftState,
  message: ViewChange,
  effects: PbftEffects,
): void {
  const { view } = message;
  if (view < state.view || (view === state.view && state.isActive)) return;
  if (!isViewChangeSigned(message, effects)) return;
  if (rules.checksViewChange(message) && !isViewChangeValid(rules, state, message, effects)) {
    return;
  }
  addViewChange(state, message);
  const others = state.viewChanges.filter(({ replica }) => replica !== state.self);
  const joined = rules.viewToJoin(state.view, faultsOf(state), others);
  if (joined !== null && joined > state.view) changeView(rules, state, joined, effects);
  else awaitNewView(rules, state, effects);
}

/** Of each replica the latest counts. */
function addViewChange(state: PbftState, message: ViewChange): void {
  const known = state.viewChanges.find(({ replica }) => replica === message.replica);
  if (known !== undefined && known.view >= message.view) return;
  state.viewChanges = [...state.viewChanges.filter((other) => other !== known), message];
}

/**
 * With 2f + 1 VIEW-CHANGE messages the new primary begins its view; the others give it a certain
 * time from then on (§4.5.2), for without them it cannot begin.
 */
function awaitNewView(rules: PbftRules, state: PbftState, effects: PbftEffects): void {
  if (state.isActive) return;
  const collected = state.viewChanges.filter(({ view }) => view === state.view);
  if (collected.length < quorumOf(rules, state)) return;
  if (isPrimary(state)) beginView(rules, state, collected, effects);
  else if (!state.isTimerRunning) startTimer(rules, state, effects);
}

/** This replica's own VIEW-CHANGE, while it waits for a view. */
export function ownViewChange(state: PbftState): ViewChange | undefined {
  if (state.isActive) return undefined;
  return state.viewChanges.find(
    ({ replica, view }) => replica === state.self && view === state.view,
  );
}
