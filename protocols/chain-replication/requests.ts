/** §2: updates go to the head, queries to the tail; it is the tail that answers both. */
import type { NodeId, Request } from '../../sim/engine/protocol.ts';
import { append } from './forward.ts';
import type { ChainEffects, Confirmed } from './messages.ts';
import type { ChainRules } from './rules.ts';
import { isHead, isMaster, isTail, masterOf, tailOf, type ChainState } from './state.ts';

export function onRequest(
  rules: ChainRules,
  state: ChainState,
  request: Request,
  effects: ChainEffects,
): void {
  const { client, sequence, command } = request;
  const { configuration } = state;
  if (command.type === 'get') {
    const key = typeof command['key'] === 'string' ? command['key'] : '';
    if (!isTail(state)) refuse(state, request, tailOf(configuration), effects);
    else if (state.options.reads === 'tail' || isMaster(state)) {
      effects.respond(request, { type: 'ok', value: state.machine.read(key) });
    } else {
      state.reads = state.reads.filter((other) => other.client !== client);
      state.reads.push({ client, sequence, key });
      const { epoch } = configuration;
      effects.send(masterOf(state.nodes), { type: 'Confirm', epoch, client, sequence });
    }
    return;
  }
  if (!isHead(state)) {
    refuse(state, request, configuration.chain[0] ?? null, effects);
    return;
  }
  const stamp = effects.now();
  const entry = { term: configuration.epoch, request: { client, sequence, command, stamp } };
  append(rules, state, [entry], effects);
}

/** While it was asked, this node was the tail: what it holds now is new enough. */
export function onConfirmed(
  state: ChainState,
  { epoch, client, sequence }: Confirmed,
  effects: ChainEffects,
): void {
  if (epoch !== state.configuration.epoch || !isTail(state)) return;
  const reading = state.reads.find((one) => one.client === client && one.sequence === sequence);
  if (reading === undefined) return;
  state.reads = state.reads.filter((one) => one !== reading);
  effects.respond(reading, { type: 'ok', value: state.machine.read(reading.key) });
}

/** A node that believes to be out of date names nobody rather than itself. */
function refuse(
  { self }: ChainState,
  request: Request,
  node: NodeId | null,
  effects: ChainEffects,
): void {
  const hint = node === null || node === self ? {} : { hint: node };
  effects.respond(request, { type: 'error', code: 'LEADER_NOT_FOUND', ...hint });
}
