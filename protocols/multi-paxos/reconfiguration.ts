/** Changes of the configuration, in force α slots after they are chosen: Paxos Made Simple §3. */
import type { Command, NodeId, Request } from '../../sim/engine/protocol.ts';
import { latestConfiguration } from './configuration.ts';
import type { MultiPaxosEffects } from './messages.ts';
import type { MultiPaxosRules } from './rules.ts';
import type { MultiPaxosState } from './state.ts';

/** Names of acceptors, with spaces or commas between them. */
export type ChangeCommand = {
  readonly type: 'change-membership';
  readonly add?: string;
  readonly remove?: string;
};

/** What a leader can be asked beside what its state machine knows, and with which words. */
export const administration: Readonly<Record<string, readonly string[]>> = {
  'change-membership': ['add', 'remove'],
};

/** The leader proposes the new list of acceptors as a value of the log. */
export function onChangeMembership(
  rules: MultiPaxosRules,
  state: MultiPaxosState,
  request: Request,
  effects: MultiPaxosEffects,
): void {
  if (rules.isChangeUnderWay(state)) {
    effects.respond(request, { type: 'error', code: 'INVALID_TERM' });
    return;
  }
  const { client, sequence, command } = request;
  const { acceptors: present } = latestConfiguration(state);
  const added = namesIn(command['add']);
  const removed = namesIn(command['remove']);
  const acceptors = state.nodes.filter(
    (node) => (present.includes(node) || added.includes(node)) && !removed.includes(node),
  );
  const isSame = acceptors.length === present.length && acceptors.every((n) => present.includes(n));
  if (acceptors.length === 0 || isSame) {
    effects.respond(request, { type: 'error', code: 'PERMANENT_FAILURE' });
    return;
  }
  const logged = { client, sequence, command, stamp: effects.now() };
  state.waiting.push({ request: logged, acceptors: Object.freeze(acceptors) });
}

/** What is wrong with a command of an administrator, in a cluster of these nodes; null: nothing. */
export function administrationProblem(command: Command, nodes: readonly NodeId[]): string | null {
  const fields = administration[command.type];
  if (fields === undefined) return null;
  const unknown = Object.keys(command).find((name) => name !== 'type' && !fields.includes(name));
  if (unknown !== undefined) {
    return `${command.type} has no "${unknown}": there is ${fields.join(', ')}`;
  }
  const named = fields.flatMap((field) => namesIn(command[field]));
  const stranger = named.find((node) => !nodes.includes(node));
  if (stranger !== undefined) return `there is no node ${stranger}`;
  return named.length === 0 ? 'expected whom to add or remove, as in add: n4' : null;
}

function namesIn(words: unknown): NodeId[] {
  return typeof words === 'string' ? words.split(/[\s,]+/).filter((name) => name !== '') : [];
}
