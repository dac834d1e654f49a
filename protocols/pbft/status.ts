/**
 * Retransmission (§3 assumes only that messages which are sent again and again arrive at last): a
 * replica that misses something says where it stands, and repeats what it has said itself.
 */
import type { NodeId } from '../../sim/engine/protocol.ts';
import type { PbftEffects, PbftMessage, Status } from './messages.ts';
import { fetchBatches } from './state-transfer.ts';
import type { PbftRules } from './rules.ts';
import { broadcast, primaryOf, slotAt, type PbftState } from './state.ts';
import { isMissingSomething } from './timers.ts';
import { ownViewChange } from './view-change.ts';

/** Slots about which one STATUS is answered; the next one asks on. */
const SLOTS_AT_ONCE = 8;

export function onStatusTimer(state: PbftState, effects: PbftEffects): void {
  state.isStatusArmed = false;
  if (!isMissingSomething(state)) return;
  announceStatus(state, effects);
  fetchBatches(state, effects);
  const viewChange = ownViewChange(state);
  for (const { vote } of state.checkpoints) {
    if (vote.sequence > state.stable.sequence) broadcast(vote, effects);
  }
  for (const node of effects.nodes) {
    if (node === effects.self) continue;
    if (viewChange !== undefined) effects.send(node, viewChange);
    else repeatSlots(state, node, state.lastExecuted, effects);
  }
}

export function announceStatus(state: PbftState, effects: PbftEffects): void {
  const { view, isActive, lastExecuted, stable } = state;
  const message: Status = {
    type: 'Status',
    view,
    isActive,
    executed: lastExecuted,
    stable: stable.sequence,
  };
  broadcast(message, effects);
}

/** Sends whatever the other one seems to have missed. */
export function onStatus(
  rules: PbftRules,
  state: PbftState,
  from: NodeId,
  status: Status,
  effects: PbftEffects,
): void {
  const { stable, view, isActive, newView } = state;
  if (status.stable < stable.sequence) {
    for (const checkpoint of stable.proof) effects.send(from, checkpoint);
  }
  const isBehind = status.view < view || (status.view === view && !status.isActive);
  if (isActive) {
    if (isBehind && newView !== null) effects.send(from, newView);
    else if (status.view === view && rules.helpsLaggards) {
      repeatSlots(state, from, status.executed, effects);
    }
    return;
  }
  const viewChange = ownViewChange(state);
  if (viewChange !== undefined && status.view <= view) effects.send(from, viewChange);
}

/** Its own part in the slots behind `executed`; a pre-prepare may be passed on by anyone. */
function repeatSlots(state: PbftState, to: NodeId, executed: number, effects: PbftEffects): void {
  const last = Math.min(executed + SLOTS_AT_ONCE, state.slots.last);
  for (let sequence = executed + 1; sequence <= last; sequence++) {
    const { prePrepare, batch, prepares, commits } = slotAt(state, sequence);
    if (prePrepare === null || prePrepare.view !== state.view) continue;
    const said: PbftMessage[] = [];
    if (batch !== null && to !== primaryOf(state, state.view)) {
      said.push({ type: 'PrePrepare', ...prePrepare, batch });
    }
    said.push(...[...prepares, ...commits].filter(({ replica }) => replica === state.self));
    for (const message of said) effects.send(to, message);
  }
}
