/** What clients ask: a leader proposes it, or answers a read when it holds the master's lease. */
import type { Plain, Request, Response } from '../../sim/engine/protocol.ts';
import { holdsLease } from './lease.ts';
import type { MultiPaxosEffects } from './messages.ts';
import { proposeMore } from './proposer/propose.ts';
import { administration, onChangeMembership } from './reconfiguration.ts';
import type { MultiPaxosRules } from './rules.ts';
import type { MultiPaxosState } from './state.ts';

/** Others name the leader that they know. */
export function onRequest(
  rules: MultiPaxosRules,
  state: MultiPaxosState,
  request: Request,
  effects: MultiPaxosEffects,
): void {
  const { client, sequence, command } = request;
  const { leaderId } = state;
  if (state.role !== 'leader') {
    const hint = leaderId === null ? {} : { hint: leaderId };
    effects.respond(request, { type: 'error', code: 'LEADER_NOT_FOUND', ...hint });
    return;
  }
  if (administration[command.type] !== undefined) {
    onChangeMembership(rules, state, request, effects);
  } else {
    const read = answerAtOnce(rules, state, request);
    if (read !== null) {
      effects.respond(request, read);
      return;
    }
    state.waiting.push({ request: { client, sequence, command, stamp: effects.now() } });
  }
  proposeMore(rules, state, effects);
}

/** A read that does not go through the log; null when it has to. */
function answerAtOnce(
  rules: MultiPaxosRules,
  state: MultiPaxosState,
  { command }: Request,
): Response | null {
  const { type, key } = command;
  if (type !== 'get' || typeof key !== 'string') return null;
  const dirty = rules.dirtyRead(state, key);
  if (dirty !== null) return ok(dirty.request?.command['value'] ?? null);
  const { reads } = state.options;
  const isAtOnce = reads === 'local' || (reads === 'lease' && holdsLease(rules, state));
  return isAtOnce ? ok(state.machine.read(key)) : null;
}

function ok(value: Plain): Response {
  return { type: 'ok', value };
}
