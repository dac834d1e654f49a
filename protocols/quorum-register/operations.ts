/** The operations that a node coordinates: how they begin and end, and who is asked once more. */
import type { Response } from '../../sim/engine/protocol.ts';
import type { RegisterEffects } from './messages.ts';
import { sendToMissing, type Operation, type RegisterState } from './state.ts';

export function open(state: RegisterState, operation: Operation, effects: RegisterEffects): void {
  state.operations.push(operation);
  if (state.operations.length === 1) restartTimer(state, effects);
}

/** Answers the client, and forgets the operation. */
export function finish(state: RegisterState, operation: Operation, effects: RegisterEffects): void {
  const { type, client, sequence, version } = operation;
  const write = state.writes.get(client);
  if (type === 'write' && write?.sequence === sequence) {
    state.writes.set(client, { ...write, acknowledged: true });
  }
  close(state, operation, { type: 'ok', value: type === 'read' ? version.value : null }, effects);
}

/** Asks again whoever has not answered, or tells the client that there is no quorum. */
export function onResendTimer(state: RegisterState, effects: RegisterEffects): void {
  const { resends } = state.options;
  // Operations end on the way: that makes a new list.
  for (const operation of state.operations) {
    operation.ticks++;
    // The timer serves all operations: this one may have begun a moment ago.
    if (operation.ticks === 1) continue;
    if (operation.ticks <= resends + 1) sendToMissing(state, operation, effects);
    else close(state, operation, { type: 'error', code: 'QUORUM_UNREACHABLE' }, effects);
  }
  if (state.operations.length > 0) restartTimer(state, effects);
}

function close(
  state: RegisterState,
  operation: Operation,
  response: Response,
  effects: RegisterEffects,
): void {
  state.operations = state.operations.filter((other) => other !== operation);
  if (state.operations.length === 0) effects.cancelTimer('resend');
  const { client, sequence } = operation;
  effects.respond({ client, sequence }, response);
}

function restartTimer({ options }: RegisterState, effects: RegisterEffects): void {
  effects.setTimer('resend', options.resendMs, options.resendMs);
}
