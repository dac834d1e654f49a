/** Phase 1, the query: Lynch and Shvartsman 1997, §4. What is the newest that a quorum knows? */
import type { NodeId } from '../../sim/engine/protocol.ts';
import type { Query, QueryReply, RegisterEffects, Version } from './messages.ts';
import { propagate } from './propagate.ts';
import { finish } from './operations.ts';
import type { RegisterRules } from './rules.ts';
import {
  operationOf,
  sendToMissing,
  versionOf,
  type Operation,
  type RegisterState,
} from './state.ts';

/** The coordinator asks everybody; it is a replica, too, and answers itself first. */
export function startQuery(
  rules: RegisterRules,
  state: RegisterState,
  operation: Operation,
  effects: RegisterEffects,
): void {
  operation.version = versionOf(state, operation.key);
  operation.answered = [effects.self];
  if (isAnswered(rules, state, operation)) finishQuery(rules, state, operation, effects);
  else sendToMissing(state, operation, effects);
}

export function onQuery(
  state: RegisterState,
  from: NodeId,
  { client, sequence, key }: Query,
  effects: RegisterEffects,
): void {
  const version = versionOf(state, key);
  effects.send(from, { type: 'QueryReply', client, sequence, version });
}

/**
 * A late reply still counts when its request is open: it was sent after the operation began, and
 * that is all that a query asks for.
 */
export function onQueryReply(
  rules: RegisterRules,
  state: RegisterState,
  from: NodeId,
  reply: QueryReply,
  effects: RegisterEffects,
): void {
  const operation = operationOf(state, reply);
  if (operation?.phase !== 'query' || operation.answered.includes(from)) return;
  operation.answered.push(from);
  if (rules.readerTakes(operation.version, reply.version)) operation.version = reply.version;
  if (isAnswered(rules, state, operation)) finishQuery(rules, state, operation, effects);
}

/** A write whose timestamp comes of the clock asks nobody. */
export function startClockWrite(
  rules: RegisterRules,
  state: RegisterState,
  operation: Operation,
  effects: RegisterEffects,
): void {
  const clockUs = Math.round(effects.now() * 1000);
  write(rules, state, operation, rules.clockCounter(clockUs, state.lastCounter), effects);
}

function isAnswered(rules: RegisterRules, state: RegisterState, operation: Operation): boolean {
  const quorum = state.options.readQuorum ?? rules.majority(state.nodes.length);
  return operation.answered.length >= quorum;
}

function finishQuery(
  rules: RegisterRules,
  state: RegisterState,
  operation: Operation,
  effects: RegisterEffects,
): void {
  const { type, version } = operation;
  if (type === 'write') {
    const counter = rules.nextCounter(version.counter, state.lastCounter);
    write(rules, state, operation, counter, effects);
  } else if (rules.writesBack(state.options)) {
    propagate(rules, state, operation, version, effects);
  } else {
    finish(state, operation, effects);
  }
}

/** Fixes the timestamp, for good: a retry must not choose another one. */
function write(
  rules: RegisterRules,
  state: RegisterState,
  operation: Operation,
  counter: number,
  effects: RegisterEffects,
): void {
  const { client, sequence, key, value } = operation;
  const version: Version = { counter, node: effects.self, value };
  state.lastCounter = counter;
  const { node } = version;
  state.writes.set(client, { sequence, key, counter, node, acknowledged: false });
  propagate(rules, state, operation, version, effects);
}
