/** What a node remembers: as a replica of every register, and as coordinator of its clients. */
import type { NodeId, Plain, RequestId, WriteToken } from '../../sim/engine/protocol.ts';
import type { Table } from '../common/table.ts';
import {
  initial,
  type RegisterEffects,
  type RegisterMessage,
  type Timestamp,
  type Version,
} from './messages.ts';
import type { RegisterOptions } from './options.ts';
import type { RegisterRules } from './rules.ts';

/** The last write of a client that this node coordinated, as far as it has chosen a timestamp. */
export type Write = Timestamp & {
  readonly sequence: number;
  readonly key: string;
  /** A write quorum has it. */
  readonly acknowledged: boolean;
};

/** An operation that this node coordinates. */
export interface Operation extends RequestId {
  readonly type: 'read' | 'write';
  readonly key: string;
  /** What a write writes; null in a read. */
  readonly value: Plain;
  phase: 'query' | 'propagate';
  /** The newest version found by the query; then the one that is propagated. */
  version: Version;
  /** Who has answered in this phase. */
  answered: NodeId[];
  /** The write to the own disk that has to be durable before the own copy counts. */
  token: WriteToken;
  /** How often the timer has looked at this phase. */
  ticks: number;
}

export interface RegisterState {
  // On disk.
  registers: Table<Version>;
  /** By client: so that a retry, or a late copy of a request, writes nothing for a second time. */
  writes: Table<Write>;
  /** The greatest counter that this node has chosen. */
  lastCounter: number;

  // Volatile.
  operations: Operation[];
  /** The latest write to the disk, and the latest one that is durable. */
  lastPersist: WriteToken;
  durableUpTo: WriteToken;

  readonly nodes: readonly NodeId[];
  readonly options: RegisterOptions;
}

export function versionOf(state: RegisterState, key: string): Version {
  return state.registers.get(key) ?? initial;
}

/** The replica's part of a propagation; true when the version is new here, and not yet on disk. */
export function take(
  rules: RegisterRules,
  state: RegisterState,
  key: string,
  version: Version,
): boolean {
  if (!rules.replicaTakes(versionOf(state, key), version)) return false;
  state.registers.set(key, version);
  return true;
}

/** Writes to disk; what this node says afterwards waits for it. */
export function persist(
  rules: RegisterRules,
  state: RegisterState,
  effects: RegisterEffects,
): void {
  state.lastPersist = effects.persist({ barrier: rules.acknowledgementWaitsForDisk });
}

export function operationOf(
  state: RegisterState,
  { client, sequence }: RequestId,
): Operation | undefined {
  return state.operations.find((one) => one.client === client && one.sequence === sequence);
}

/** Sends the message of the present phase to all who have not answered it. */
export function sendToMissing(
  state: RegisterState,
  operation: Operation,
  effects: RegisterEffects,
): void {
  const message = messageOf(operation);
  for (const node of state.nodes) {
    if (node !== effects.self && !operation.answered.includes(node)) effects.send(node, message);
  }
}

function messageOf({ client, sequence, key, phase, version }: Operation): RegisterMessage {
  if (phase === 'query') return { type: 'Query', client, sequence, key };
  return { type: 'Propagate', client, sequence, key, version };
}
