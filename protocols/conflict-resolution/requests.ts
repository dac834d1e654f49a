/** Updates and reads: whoever is asked answers at once, and tells the others later. */
import type { Plain, Request } from '../../sim/engine/protocol.ts';
import { clientOf } from '../common/client.ts';
import { timestampOf } from './hybrid-clock.ts';
import type { ConflictEffects } from './messages.ts';
import type { ConflictRules } from './rules.ts';
import { itemOf, keep, type ConflictState } from './state.ts';
import { increment } from './vectors.ts';

/**
 * Any node will do for a new operation. An update is retried only where it was first sent: another
 * node could not know that it has been made, and would make it a second time.
 */
export const anywhereClient = clientOf({
  begins: 'anywhere',
  mayMove: ({ command }) => command.type === 'get',
});

export function onRequest(
  rules: ConflictRules,
  state: ConflictState,
  request: Request,
  effects: ConflictEffects,
): void {
  const { key, type } = request.command;
  if (typeof key !== 'string') {
    effects.respond(request, { type: 'error', code: 'PERMANENT_FAILURE' });
  } else if (type === 'get') read(rules, state, request, key, effects);
  else update(rules, state, request, key, effects);
}

function read(
  rules: ConflictRules,
  state: ConflictState,
  request: Request,
  key: string,
  effects: ConflictEffects,
): void {
  const type = rules.types[state.options.type];
  const item = itemOf(rules, state, key);
  const context = type.contextOf?.(item.state);
  if (context !== undefined) state.seen[`${request.client}/${key}`] = context;
  effects.respond(request, { type: 'ok', value: type.value(item.state) });
}

function update(
  rules: ConflictRules,
  state: ConflictState,
  { client, sequence, command }: Request,
  key: string,
  effects: ConflictEffects,
): void {
  const type = rules.types[state.options.type];
  const last = state.writes.get(client);
  if (last !== undefined && rules.isKnown(state.options, last.sequence, sequence)) {
    const answer = { type: 'ok', value: last.value } as const;
    const old = { type: 'error', code: 'DUPLICATE_REQUEST' } as const;
    effects.respond({ client, sequence }, sequence === last.sequence ? answer : old);
    return;
  }
  const { self, options } = state;
  const clock = rules.ticks(options.clock, state.clock, Math.round(effects.now() * 1000));
  const item = itemOf(rules, state, key);
  const updates = increment(item.updates, self);
  const delta = type.update(item.state, command, {
    node: self,
    counter: updates[self] ?? 0,
    timestamp: timestampOf(clock),
    client,
    sequence,
    context: state.seen[`${client}/${key}`] ?? null,
  });
  if (delta === null) {
    effects.respond({ client, sequence }, { type: 'error', code: 'PERMANENT_FAILURE' });
    return;
  }
  state.clock = clock;
  const merged = type.merge(item.state, delta);
  keep(state, key, { state: merged, updates }, { state: delta, updates });
  const value: Plain = command.type === 'add' ? type.value(merged) : null;
  state.writes.set(client, { sequence, value });
  effects.persist({ barrier: rules.answerWaitsForDisk });
  effects.respond({ client, sequence }, { type: 'ok', value });
}
