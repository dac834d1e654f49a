/**
 * What an administrator asks of a leader: changes of membership (dissertation §4) and of leadership
 * (§3.10). Commands like a client's, told by their type; they never reach the state machine.
 */
import type { Command, NodeId } from '../../sim/engine/protocol.ts';
import type { Change } from './configuration.ts';

/** Names of servers, with spaces or commas between them. */
export type ChangeCommand =
  | {
      readonly type: 'change-membership';
      readonly add?: string;
      readonly learn?: string;
      readonly remove?: string;
      /** `auto`: a joint configuration that the leader leaves by itself; `explicit`: it waits. */
      readonly joint?: 'auto' | 'explicit';
    }
  | { readonly type: 'leave-joint'; readonly joint?: never };

export type TransferCommand = { readonly type: 'transfer-leadership'; readonly to: NodeId };

/** What a leader of Raft can be asked beside what its state machine knows, and with which words. */
export const administration: Readonly<Record<string, readonly string[]>> = {
  'change-membership': ['add', 'learn', 'remove', 'joint'],
  'leave-joint': [],
  'transfer-leadership': ['to'],
};

const changeTypes: readonly Change['type'][] = ['add', 'learn', 'remove'];

/** The changes that a command asks for: voters, learners, and who goes, in this order. */
export function changesOf(command: ChangeCommand): Change[] {
  const fields = command as Command;
  return changeTypes.flatMap((type) =>
    namesIn(fields[type]).map((server): Change => ({ type, server })),
  );
}

/** What is wrong with a command of an administrator, in a cluster of these nodes; null: nothing. */
export function administrationProblem(command: Command, nodes: readonly NodeId[]): string | null {
  const fields = administration[command.type];
  if (fields === undefined) return null;
  const unknown = Object.keys(command).find((name) => name !== 'type' && !fields.includes(name));
  if (unknown !== undefined) {
    const known = fields.length === 0 ? 'nothing more to say' : fields.join(', ');
    return `${command.type} has no "${unknown}": there is ${known}`;
  }
  const servers = [...changeTypes, 'to'].flatMap((field) => namesIn(command[field]));
  const stranger = servers.find((server) => !nodes.includes(server));
  if (stranger !== undefined) return `there is no node ${stranger}`;
  if (servers.length === 0 && command.type !== 'leave-joint') {
    return command.type === 'transfer-leadership'
      ? 'expected to whom, as in to: n3'
      : 'expected whom to add, learn or remove, as in add: n4';
  }
  const { joint } = command;
  if (joint === undefined || joint === 'auto' || joint === 'explicit') return null;
  return 'expected joint: auto or explicit';
}

function namesIn(words: unknown): NodeId[] {
  return typeof words === 'string' ? words.split(/[\s,]+/).filter((name) => name !== '') : [];
}
