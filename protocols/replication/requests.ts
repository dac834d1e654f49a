/** What clients ask: writes of the primary, reads as the option says. */
import type { Request } from '../../sim/engine/protocol.ts';
import { clientOf } from '../common/client.ts';
import { advance } from './commit.ts';
import type { ReplicationEffects } from './messages.ts';
import type { ReplicationRules } from './rules.ts';
import { append, ship } from './shipping.ts';
import type { ReplicationState } from './state.ts';

/** Where reads may go to any replica, clients spread them, as behind a load balancer. */
export const spreadingClient = clientOf({ begins: 'anywhere', mayMove: () => true });

export function onRequest(
  rules: ReplicationRules,
  state: ReplicationState,
  request: Request,
  effects: ReplicationEffects,
): void {
  const { client, sequence, command } = request;
  const { reads } = state.options;
  const isPrimary = state.role === 'primary';
  if (command.type === 'get' && (reads === 'replica' || (reads === 'primary' && isPrimary))) {
    const { key } = command;
    const value = typeof key === 'string' ? state.machine.read(key) : null;
    effects.respond(request, { type: 'ok', value });
    return;
  }
  if (!isPrimary) {
    const hint = state.primary === null ? {} : { hint: state.primary };
    effects.respond(request, { type: 'error', code: 'LEADER_NOT_FOUND', ...hint });
    return;
  }
  const logged = { client, sequence, command, stamp: effects.now() };
  const index = append(state, { term: state.epoch, request: logged }, effects);
  state.waiting.push({ index, client, sequence, answer: null });
  ship(state, effects);
  advance(rules, state, effects);
}
