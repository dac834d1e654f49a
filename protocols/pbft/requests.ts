/** How requests come in (§4.1): the primary orders them, a backup relays them and watches. */
import type { Request, Response } from '../../sim/engine/protocol.ts';
import type { PbftEffects, Relay, SignedRequest } from './messages.ts';
import type { PbftOptions } from './options.ts';
import type { PbftRules } from './rules.ts';
import { addWaiting, isPrimary, primaryOf, type PbftState } from './state.ts';

/** What a client has sent to this replica itself. */
export function onRequest(
  rules: PbftRules,
  state: PbftState,
  request: Request,
  effects: PbftEffects,
): void {
  const { client, sequence, command, signature } = request;
  if (signature === undefined) return;
  const signed: SignedRequest = Object.freeze({ client, sequence, command, signature });
  if (!rules.isAuthentic(signed, effects)) return;
  if (isReadOnly(state.options, request)) {
    // It names no primary: no view has ordered it, and the client can tell it from an ordered one.
    effects.respond(request, { type: 'ok', value: state.machine.read(command.key as string) });
    return;
  }
  const reply = rules.lastReply(state.machine, signed);
  if (reply !== null) {
    effects.respond(request, withPrimary(state, reply));
    return;
  }
  addWaiting(state, signed);
  if (state.isActive && !isPrimary(state)) relay(state, signed, effects);
}

/**
 * §5.1: what only reads is asked of all replicas once, outside the order; asked again, it is an
 * ordinary request. What is executed here has committed, so a reply need not wait for that.
 */
export function isReadOnly(
  { readOnly }: Pick<PbftOptions, 'readOnly'>,
  { command, attempt }: Pick<Request, 'command' | 'attempt'>,
): boolean {
  return (
    readOnly === true && attempt === 1 && command.type === 'get' && typeof command.key === 'string'
  );
}

/** What a backup has passed on; only the primary takes it. */
export function onRelay(
  rules: PbftRules,
  state: PbftState,
  { request }: Relay,
  effects: PbftEffects,
): void {
  if (!isPrimary(state) || !rules.isAuthentic(request, effects)) return;
  if (rules.lastReply(state.machine, request) === null) addWaiting(state, request);
}

/** A new primary hears of everything that still waits. */
export function relayWaiting(state: PbftState, effects: PbftEffects): void {
  if (isPrimary(state)) return;
  for (const request of state.waiting) relay(state, request, effects);
}

function relay(state: PbftState, request: SignedRequest, effects: PbftEffects): void {
  effects.send(primaryOf(state, state.view), { type: 'Request', request });
}

/** §4.1: a reply tells the view, so that the client knows the primary. */
export function withPrimary(state: PbftState, response: Response): Response {
  return { ...response, hint: primaryOf(state, state.view) };
}
