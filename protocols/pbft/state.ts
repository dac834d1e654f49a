/** A replica's state (§4), and the few steps that every section shares. */
import type { NodeId } from '../../sim/engine/protocol.ts';
import type { Log } from '../common/log.ts';
import type { Machine, MachineSnapshot } from '../common/state-machine.ts';
import type { MessageLog, Slot } from './message-log.ts';
import { emptySlot } from './message-log.ts';
import type {
  Batch,
  Checkpoint,
  NewView,
  PbftEffects,
  PbftMessage,
  PrePrepare,
  SignedRequest,
  ViewChange,
} from './messages.ts';
import type { PbftOptions } from './options.ts';
import type { PbftRules } from './rules.ts';

/** §4.3: a checkpoint with its proof, 2f + 1 CHECKPOINT messages. Frozen. */
export type CertifiedCheckpoint = {
  readonly sequence: number;
  readonly digest: string;
  readonly proof: readonly Checkpoint[];
};

/** A checkpoint that this replica has taken. Frozen. */
export type OwnCheckpoint = {
  readonly sequence: number;
  readonly digest: string;
  readonly snapshot: MachineSnapshot;
  /** What this replica has told the others of it. */
  readonly vote: Checkpoint;
};

/** A batch that was executed; `term` is the view in which it was committed here. */
export type Executed = {
  readonly term: number;
  readonly digest: string;
  readonly batch: Batch;
  /** Those of its requests that took effect: the others had been executed before. */
  readonly applied: Batch;
};

export interface PbftState {
  // What a promise rests on, so it survives a crash.
  view: number;
  /** False from sending VIEW-CHANGE for `view` until its NEW-VIEW is accepted. */
  isActive: boolean;
  slots: MessageLog;
  /** The low watermark h is its sequence number. */
  stable: CertifiedCheckpoint;
  /** Its own checkpoints from the stable one on. */
  checkpoints: readonly OwnCheckpoint[];
  /** What began the current view, for those who missed it; null in view 0. */
  newView: NewView | null;

  // The rest can be learned again.
  readonly self: NodeId;
  readonly nodes: readonly NodeId[];
  machine: Machine;
  lastExecuted: number;
  log: Log<Executed>;
  /** Requests that have come in and are not executed, at most one of a client. */
  waiting: readonly SignedRequest[];
  /** The primary: the last sequence number that it has assigned. */
  lastAssigned: number;
  /** The primary: the last request of each client that it has assigned in this view. */
  assigned: Record<string, number>;
  /** The latest VIEW-CHANGE of each replica. */
  viewChanges: readonly ViewChange[];
  /** Each view change doubles the timeout (§4.5.2), each stable checkpoint halves it again. */
  failures: number;
  isTimerRunning: boolean;
  isStatusArmed: boolean;
  checkpointVotes: readonly Checkpoint[];
  /** A certified checkpoint that this replica has not reached. */
  target: CertifiedCheckpoint | null;
  /** How often its state was asked for. */
  fetches: number;
  /** Pre-prepares of a view whose NEW-VIEW has not arrived yet. */
  early: readonly PrePrepare[];
  readonly options: PbftOptions;
}

/** f: how many replicas may fail in any way (§3). */
export function faultsOf({ nodes }: Pick<PbftState, 'nodes'>): number {
  return faultsTolerated(nodes.length);
}

/** §3: safety and liveness hold while at most ⌊(n − 1) / 3⌋ replicas are faulty. */
export function faultsTolerated(nodeCount: number): number {
  return Math.floor((nodeCount - 1) / 3);
}

export function quorumOf(rules: PbftRules, state: Pick<PbftState, 'nodes'>): number {
  return rules.quorum(state.nodes.length, faultsOf(state));
}

/** §4: p = v mod |R|. */
export function primaryOf({ nodes }: Pick<PbftState, 'nodes'>, view: number): NodeId {
  return nodes[view % nodes.length] as NodeId; // There is at least one.
}

export function isPrimary(state: PbftState): boolean {
  return primaryOf(state, state.view) === state.self;
}

export function slotAt(state: PbftState, sequence: number): Slot {
  return state.slots.get(sequence) ?? emptySlot(sequence);
}

/** Sends one message to every other replica. */
export function broadcast(message: PbftMessage, effects: PbftEffects): void {
  for (const node of effects.nodes) if (node !== effects.self) effects.send(node, message);
}

/** Notes that a request waits to be executed; an older one of its client gives way. */
export function addWaiting(state: PbftState, request: SignedRequest): void {
  const { client, sequence } = request;
  const known = state.waiting.find((other) => other.client === client);
  if (known !== undefined && known.sequence >= sequence) return;
  state.waiting = [...state.waiting.filter((other) => other !== known), request];
}
