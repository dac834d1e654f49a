/** What clients ask: whoever is asked coordinates the operation. */
import type { Plain, Request, Response } from '../../sim/engine/protocol.ts';
import { clientOf } from '../common/client.ts';
import { initial, type RegisterEffects, type Version } from './messages.ts';
import { open } from './operations.ts';
import { propagate } from './propagate.ts';
import { startClockWrite, startQuery } from './query.ts';
import type { RegisterRules } from './rules.ts';
import { operationOf, type Operation, type RegisterState } from './state.ts';

const done: Response = Object.freeze({ type: 'ok', value: null });

/**
 * Any node will do for a new operation. A write is retried only where it was first sent: that node
 * knows which timestamp it has; another one would choose a second.
 */
export const registerClient = clientOf({
  begins: 'anywhere',
  mayMove: ({ command }) => command.type === 'get',
});

/** A register is read and written whole: what depends on its value (cas, add, …) is not offered. */
export function onRequest(
  rules: RegisterRules,
  state: RegisterState,
  request: Request,
  effects: RegisterEffects,
): void {
  const { type, key, value } = request.command;
  if ((type !== 'get' && type !== 'put') || typeof key !== 'string') {
    effects.respond(request, { type: 'error', code: 'PERMANENT_FAILURE' });
    return;
  }
  // A second copy: the answer to the first one is on its way.
  if (operationOf(state, request) !== undefined) return;
  if (type === 'put') {
    startWrite(rules, state, newOperation(request, 'write', key, value ?? null), effects);
    return;
  }
  const read = newOperation(request, 'read', key, null);
  open(state, read, effects);
  startQuery(rules, state, read, effects);
}

/** A write that has its timestamp from an earlier attempt keeps it: two would be two writes. */
function startWrite(
  rules: RegisterRules,
  state: RegisterState,
  operation: Operation,
  effects: RegisterEffects,
): void {
  const { deduplicate, timestamps } = state.options;
  const known = deduplicate ? state.writes.get(operation.client) : undefined;
  if (known !== undefined && known.sequence > operation.sequence) {
    // Its client has asked for another one since.
    effects.respond(operation, { type: 'error', code: 'DUPLICATE_REQUEST' });
    return;
  }
  const isRetry = known?.sequence === operation.sequence;
  if (isRetry && known.acknowledged) {
    effects.respond(operation, done);
    return;
  }
  open(state, operation, effects);
  if (isRetry) {
    const version: Version = { counter: known.counter, node: known.node, value: operation.value };
    propagate(rules, state, operation, version, effects);
  } else if (timestamps === 'clock') startClockWrite(rules, state, operation, effects);
  else startQuery(rules, state, operation, effects);
}

function newOperation(
  { client, sequence }: Request,
  type: Operation['type'],
  key: string,
  value: Plain,
): Operation {
  return {
    type,
    client,
    sequence,
    key,
    value,
    phase: 'query',
    version: initial,
    answered: [],
    token: 0,
    ticks: 0,
  };
}
