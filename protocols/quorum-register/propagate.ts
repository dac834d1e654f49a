/** Phase 2, the propagation: Lynch and Shvartsman 1997, §4. A quorum is made to know a version. */
import type { NodeId, WriteToken } from '../../sim/engine/protocol.ts';
import type { Propagate, PropagateReply, RegisterEffects, Version } from './messages.ts';
import { finish } from './operations.ts';
import type { RegisterRules } from './rules.ts';
import {
  operationOf,
  persist,
  sendToMissing,
  take,
  type Operation,
  type RegisterState,
} from './state.ts';

/**
 * The coordinator stores the version itself, and asks everybody else to. What it has chosen for a
 * write is on its disk before anybody hears of it.
 */
export function propagate(
  rules: RegisterRules,
  state: RegisterState,
  operation: Operation,
  version: Version,
  effects: RegisterEffects,
): void {
  operation.phase = 'propagate';
  operation.version = version;
  operation.answered = [];
  operation.ticks = 0;
  const isNew = take(rules, state, operation.key, version);
  if (isNew || operation.type === 'write') persist(rules, state, effects);
  operation.token = state.lastPersist;
  sendToMissing(state, operation, effects);
  if (!rules.acknowledgementWaitsForDisk || state.durableUpTo >= operation.token) {
    count(rules, state, operation, effects.self, effects);
  }
}

/** The own copies that are durable by now count. */
export function onPersisted(
  rules: RegisterRules,
  state: RegisterState,
  token: WriteToken,
  effects: RegisterEffects,
): void {
  state.durableUpTo = token;
  // Operations end on the way: that makes a new list.
  for (const operation of state.operations) {
    if (operation.phase !== 'propagate' || operation.token > token) continue;
    count(rules, state, operation, effects.self, effects);
  }
}

export function onPropagate(
  rules: RegisterRules,
  state: RegisterState,
  from: NodeId,
  { client, sequence, key, version }: Propagate,
  effects: RegisterEffects,
): void {
  if (take(rules, state, key, version)) persist(rules, state, effects);
  const { counter, node } = version;
  effects.send(from, { type: 'PropagateReply', client, sequence, counter, node });
}

export function onPropagateReply(
  rules: RegisterRules,
  state: RegisterState,
  from: NodeId,
  reply: PropagateReply,
  effects: RegisterEffects,
): void {
  const operation = operationOf(state, reply);
  if (operation?.phase !== 'propagate') return;
  const { counter, node } = operation.version;
  if (reply.counter !== counter || reply.node !== node) return;
  count(rules, state, operation, from, effects);
}

function count(
  rules: RegisterRules,
  state: RegisterState,
  operation: Operation,
  node: NodeId,
  effects: RegisterEffects,
): void {
  if (operation.answered.includes(node)) return;
  operation.answered.push(node);
  const quorum = state.options.writeQuorum ?? rules.majority(state.nodes.length);
  if (operation.answered.length >= quorum) finish(state, operation, effects);
}
