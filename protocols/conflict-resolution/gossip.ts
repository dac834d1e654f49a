/**
 * Gossip (Demers et al., Epidemic algorithms, PODC 1987): from time to time a replica sends one of
 * the others what it has, all of it or (Almeida et al. 2018, §6, "causal delta-merging") all
 * changes that the other has not acknowledged, in their order: so what arrives never leaves a gap.
 */
import type { NodeId } from '../../sim/engine/protocol.ts';
import { hear } from './hybrid-clock.ts';
import type { ConflictEffects, Deltas, KeyedItem, Whole } from './messages.ts';
import type { ConflictRules } from './rules.ts';
import { itemOf, keep, type ConflictState } from './state.ts';
import { canonicalText } from './types/canonical.ts';
import { areConcurrent, join } from './vectors.ts';

export function restartGossip({ options }: ConflictState, effects: ConflictEffects): void {
  effects.setTimer('gossip', options.gossipMs, options.gossipMs);
}

export function onGossipTimer(
  rules: ConflictRules,
  state: ConflictState,
  effects: ConflictEffects,
): void {
  if (rules.forgetsTombstones) forgetTombstones(rules, state, effects);
  const others = state.nodes.filter((node) => node !== effects.self);
  const peer = others[others.length === 0 ? 0 : effects.choose(others.length)];
  if (peer !== undefined) tell(state, peer, effects);
  restartGossip(state, effects);
}

/** A replica that acknowledges has it on its disk. */
export function onGossip(
  rules: ConflictRules,
  state: ConflictState,
  from: NodeId,
  { items, clock, upTo }: Whole | Deltas,
  effects: ConflictEffects,
): void {
  const nowUs = Math.round(effects.now() * 1000);
  state.clock = hear(state.options.clock, state.clock, clock, nowUs);
  let isChanged = false;
  for (const item of items) isChanged = merge(rules, state, item, effects) || isChanged;
  if (isChanged) effects.persist();
  if (state.options.gossip === 'delta') effects.send(from, { type: 'Acknowledge', upTo });
}

export function onAcknowledge(state: ConflictState, from: NodeId, upTo: number): void {
  // Of an earlier life, when changes were counted anew.
  if (upTo > state.lastChange) return;
  state.acknowledged[from] = Math.max(state.acknowledged[from] ?? 0, upTo);
}

function tell(state: ConflictState, peer: NodeId, effects: ConflictEffects): void {
  const { clock, changes, lastChange, acknowledged } = state;
  const from = acknowledged[peer];
  const isKept = from !== undefined && from + 1 >= (changes[0]?.number ?? lastChange + 1);
  if (state.options.gossip === 'delta' && isKept) {
    if (from === lastChange) return;
    const items = changes.filter(({ number }) => number > from).map(withoutNumber);
    effects.send(peer, { type: 'Deltas', items, clock, upTo: lastChange });
    return;
  }
  const entries = [...state.items.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) return;
  const items = entries.map(([key, item]) => ({ key, ...item }));
  effects.send(peer, { type: 'Whole', items, clock, upTo: lastChange });
}

/** True when there was something new in it. */
function merge(
  rules: ConflictRules,
  state: ConflictState,
  { key, ...arriving }: KeyedItem,
  effects: ConflictEffects,
): boolean {
  const { type } = state.options;
  const own = itemOf(rules, state, key);
  const merged = rules.merges(rules.types[type], own.state, arriving.state);
  const updates = join(own.updates, arriving.updates);
  const isSame = canonicalText(merged) === canonicalText(own.state);
  if (isSame && updates === own.updates) return false;
  if (areConcurrent(own.updates, arriving.updates)) {
    state.conflicts++;
    const strategy = type === 'lww-register' ? 'LWW' : type;
    effects.log({ event: 'conflict_resolved', context: { key, strategy } });
  }
  keep(state, key, { state: merged, updates }, arriving);
  return true;
}

/** The error of garbage collection by age: the deletion is gone before everybody knows of it. */
function forgetTombstones(
  rules: ConflictRules,
  state: ConflictState,
  effects: ConflictEffects,
): void {
  const type = rules.types[state.options.type];
  let isChanged = false;
  for (const [key, item] of state.items.entries()) {
    if (type.value(item.state) !== null) continue;
    state.items.delete(key);
    isChanged = true;
  }
  if (isChanged) effects.persist();
}

function withoutNumber({ key, state, updates }: KeyedItem): KeyedItem {
  return { key, state, updates };
}
