/** What an administrator may ask a node to do with a range that it owns. */
import type { Command, Request } from '../../../sim/engine/protocol.ts';
import type { Host } from '../../common/embed.ts';
import type { RangeEffects } from './messages.ts';
import { begin } from './owner.ts';
import { contains, type Change } from './routes.ts';
import type { RangeRules } from './rules.ts';
import type { RangeState } from './state.ts';

/** The commands, and the fields that each has to have. */
export const administration: Readonly<Record<string, readonly string[]>> = {
  'move-range': ['key', 'to'],
  'split-range': ['key'],
  'merge-range': ['key'],
};

/** True when the request was an administrator's. It is answered when the change has begun. */
export function onAdministration(
  host: Host,
  rules: RangeRules,
  state: RangeState,
  request: Request,
  effects: RangeEffects,
): boolean {
  const { command } = request;
  if (administration[command.type] === undefined) return false;
  const key = typeof command['key'] === 'string' ? command['key'] : '';
  const held = state.held.find(({ start, end }) => contains(start, end, key));
  const change = changeOf(command, key);
  if (held === undefined || change === null) {
    effects.respond(request, { type: 'error', code: 'LEADER_NOT_FOUND' });
    return true;
  }
  begin(host, rules, state, held, change, effects);
  effects.respond(request, { type: 'ok', value: null });
  return true;
}

function changeOf({ type, to }: Command, key: string): Change | null {
  if (type === 'split-range') return { kind: 'split', at: key };
  if (type === 'merge-range') return { kind: 'merge' };
  return typeof to === 'string' ? { kind: 'move', to } : null;
}
