/**
 * Learners that lag behind ask for what they have missed: slot by slot, or a snapshot when the
 * slots are gone (Paxos Made Live §5.5; PMMC §4.2 calls it state transfer).
 */
import { deepFreeze } from '../../sim/engine/clone.ts';
import type { NodeId } from '../../sim/engine/protocol.ts';
import { Machine } from '../common/state-machine.ts';
import { isLearner } from './configuration.ts';
import { decide, learn } from './learner.ts';
import type { CatchUp, CaughtUp, InstallSnapshot, MultiPaxosEffects } from './messages.ts';
import type { MultiPaxosRules } from './rules.ts';
import { stepDown, type MultiPaxosState } from './state.ts';

/** Somebody says how far it is. Whether to ask is decided when it has stayed so for a while. */
export function noteAhead(state: MultiPaxosState, node: NodeId, decided: number): void {
  if (decided > Math.max(state.decided, state.ahead?.decided ?? 0)) state.ahead = { node, decided };
}

/** Asks whoever is known to be ahead; learning may have overtaken that. */
export function askIfBehind(state: MultiPaxosState, effects: MultiPaxosEffects): void {
  const { ahead, decided } = state;
  if (ahead === null) return;
  if (ahead.decided <= decided) state.ahead = null;
  else if (isLearner(state, effects.self)) {
    effects.send(ahead.node, { type: 'CatchUp', slot: decided + 1 });
  }
}

export function onCatchUp(
  rules: MultiPaxosRules,
  state: MultiPaxosState,
  from: NodeId,
  { slot }: CatchUp,
  effects: MultiPaxosEffects,
): void {
  const { chosen, decided, snapshot, options } = state;
  if (slot <= chosen.base && snapshot !== null) {
    effects.send(from, { type: 'InstallSnapshot', snapshot, decided });
    return;
  }
  const last = slot + options.maxSlotsPerCatchUp - 1;
  const found = rules.chosenForCatchUp(state, slot, last);
  if (found.length > 0) effects.send(from, { type: 'CaughtUp', chosen: found, decided });
}

export function onCaughtUp(
  rules: MultiPaxosRules,
  state: MultiPaxosState,
  from: NodeId,
  message: CaughtUp,
  effects: MultiPaxosEffects,
): void {
  const before = state.decided;
  for (const { slot, ballot, value } of message.chosen) {
    learn(rules, state, slot, { ballot, value }, effects);
  }
  goOn(state, from, message.decided, before, effects);
}

export function onInstallSnapshot(
  rules: MultiPaxosRules,
  state: MultiPaxosState,
  from: NodeId,
  { snapshot, decided }: InstallSnapshot,
  effects: MultiPaxosEffects,
): void {
  const before = state.decided;
  const { slot, origin } = snapshot;
  if (!rules.wantsSnapshot(state, slot)) return;
  state.snapshot = deepFreeze(snapshot);
  state.machine = Machine.restore(snapshot.machine);
  state.decided = slot;
  state.applied = slot;
  state.chosen.truncate(slot, origin);
  if (!rules.keepsAcceptedBehindSnapshot) {
    while (state.accepted.last > slot) state.accepted.remove(state.accepted.last);
  }
  state.accepted.truncate(slot, origin);
  const configurations = rules.configurationsOfSnapshot(snapshot.configurations);
  if (configurations.length > 0) state.configurations = configurations;
  effects.persist();
  // What was learned out of order behind the snapshot follows.
  decide(rules, state, effects);
  goOn(state, from, decided, before, effects);
}

/** An answer that brought something on is followed by the next question. */
function goOn(
  state: MultiPaxosState,
  from: NodeId,
  decided: number,
  before: number,
  effects: MultiPaxosEffects,
): void {
  if (state.decided === before) return;
  state.stuck = 0;
  noteAhead(state, from, decided);
  askIfBehind(state, effects);
}

/**
 * A leader cannot propose in slots that somebody has decided and forgotten. It asks one node after
 * the other; if nobody can tell, another campaign may find another quorum.
 */
export function catchUpAsLeader(
  rules: MultiPaxosRules,
  state: MultiPaxosState,
  effects: MultiPaxosEffects,
): void {
  const { nodes, base } = state;
  if (base <= state.decided) {
    state.stuck = 0;
    return;
  }
  state.stuck++;
  if (state.stuck > 2 * nodes.length) {
    stepDown(rules, state, effects);
    return;
  }
  const node = nodes[state.stuck % nodes.length] as NodeId;
  if (node !== effects.self) effects.send(node, { type: 'CatchUp', slot: state.decided + 1 });
}
