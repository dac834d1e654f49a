/**
 * Failover. A backup that hears no primary proposes the next epoch; whoever promises it is fenced
 * against all earlier ones and says how far its log goes; when enough have promised, the candidate
 * names the one whose log is ahead, of equals the lowest by name, to lead the epoch.
 */
import type { NodeId } from '../../sim/engine/protocol.ts';
import type { NewView, Promised, PromiseView, Promote, ReplicationEffects } from './messages.ts';
import type { ReplicationRules } from './rules.ts';
import { append, ship } from './shipping.ts';
import { becomeBackup, type ReplicationState } from './state.ts';

export function onFailoverTimer(
  rules: ReplicationRules,
  state: ReplicationState,
  effects: ReplicationEffects,
): void {
  if (state.role === 'primary') return;
  becomeBackup(state, state.epoch + 1, null, effects);
  state.role = 'candidate';
  state.promises = [{ node: effects.self, ...extentOf(state) }];
  persistPromise(rules, effects);
  effects.log({ event: 'election_started', term: state.epoch });
  for (const node of others(state, effects)) {
    effects.send(node, { type: 'NewView', epoch: state.epoch });
  }
  choose(rules, state, effects);
}

/** Each epoch is promised once: whoever is second to propose it has to propose another. */
export function onNewView(
  rules: ReplicationRules,
  state: ReplicationState,
  from: NodeId,
  { epoch }: NewView,
  effects: ReplicationEffects,
): void {
  if (epoch < state.epoch) effects.send(from, { type: 'Stale', epoch: state.epoch });
  if (epoch <= state.epoch) return;
  becomeBackup(state, epoch, null, effects);
  persistPromise(rules, effects);
  effects.send(from, { type: 'PromiseView', epoch, ...extentOf(state) });
}

export function onPromiseView(
  rules: ReplicationRules,
  state: ReplicationState,
  from: NodeId,
  { epoch, lastEpoch, lastIndex }: PromiseView,
  effects: ReplicationEffects,
): void {
  if (state.role !== 'candidate' || epoch !== state.epoch) return;
  if (state.promises.some(({ node }) => node === from)) return;
  state.promises.push({ node: from, lastEpoch, lastIndex });
  choose(rules, state, effects);
}

/** A late copy finds that the epoch has begun: this node's log has entries of it. */
export function onPromote(
  state: ReplicationState,
  { epoch }: Promote,
  effects: ReplicationEffects,
): void {
  if (epoch !== state.epoch || state.role === 'primary' || state.log.lastTerm >= epoch) return;
  beginEpoch(state, effects);
}

/** A later epoch exists: its token fences this node. */
export function onStale(state: ReplicationState, epoch: number, effects: ReplicationEffects): void {
  if (epoch <= state.epoch) return;
  becomeBackup(state, epoch, null, effects);
  effects.persist();
}

/** The first primary, or the one that a view has named. */
export function lead(state: ReplicationState, effects: ReplicationEffects): void {
  effects.cancelTimer('failover');
  state.role = 'primary';
  state.primary = effects.self;
  state.promises = [];
  const next = state.log.lastIndex + 1;
  for (const node of others(state, effects)) state.progress[node] = { match: 0, next };
  effects.log({ event: 'leader_elected', term: state.epoch });
  effects.setTimer('heartbeat', state.options.heartbeatMs, state.options.heartbeatMs);
}

/** What an earlier epoch left is settled below an entry of this one. */
function beginEpoch(state: ReplicationState, effects: ReplicationEffects): void {
  lead(state, effects);
  append(state, { term: state.epoch, request: null }, effects);
  ship(state, effects);
}

function choose(
  rules: ReplicationRules,
  state: ReplicationState,
  effects: ReplicationEffects,
): void {
  const { promises, epoch } = state;
  if (promises.length < rules.viewQuorum(state.options, state.nodes.length)) return;
  const best = promises.reduce((one, other) => (isBetter(rules, other, one) ? other : one));
  if (best.node === effects.self) {
    beginEpoch(state, effects);
    return;
  }
  becomeBackup(state, epoch, null, effects);
  effects.send(best.node, { type: 'Promote', epoch });
}

function isBetter(rules: ReplicationRules, one: Promised, other: Promised): boolean {
  if (rules.isAhead(one, other)) return true;
  return !rules.isAhead(other, one) && one.node < other.node;
}

/** Promised for good: this node says nothing more before its disk has it. */
function persistPromise(rules: ReplicationRules, effects: ReplicationEffects): void {
  if (rules.promiseIsDurable) effects.persist();
}

function extentOf({ log }: ReplicationState) {
  return { lastEpoch: log.lastTerm, lastIndex: log.lastIndex };
}

function others(state: ReplicationState, effects: ReplicationEffects): readonly NodeId[] {
  return state.nodes.filter((node) => node !== effects.self);
}
