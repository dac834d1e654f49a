/** What monitors, fault timelines and observers may see of a world: everything, read-only. */
import type { EventRecord, FaultAction, Payload, PendingEvent } from './event.ts';
import type { ClientsConfig } from './clients.ts';
import type { AnyProtocol, Completion, LogEvent, NodeId, Plain, Signature } from './protocol.ts';

export type NodeStatus = 'up' | 'paused' | 'down';

export interface NodeView {
  readonly id: NodeId;
  readonly index: number;
  readonly status: NodeStatus;
  /** The protocol's state; a node that is down has none. */
  readonly state: object | null;
  /** What its disk would give back after a crash now. */
  readonly durable: object | null;
  /** 0 for the first life; grows with every restart. */
  readonly incarnation: number;
}

export interface WorldView {
  readonly protocol: AnyProtocol;
  readonly options: unknown;
  readonly nodeIds: readonly NodeId[];
  readonly nodes: readonly NodeView[];
  /** The nodes that are not byzantine: of these a property of agreement speaks. */
  readonly correctNodes: readonly NodeView[];
  /** Whether a node (by its index) may lie; it counts as one that lies from then on. */
  isByzantine(node: number): boolean;
  /** Whether a signature over this is its signer's own. */
  isSigned(signature: Signature, payload: Plain): boolean;
  /** Who asks what, and who takes it down; null: nobody. */
  readonly clientsConfig: ClientsConfig | null;
  /** Microseconds of virtual time. */
  readonly now: number;
  /** The index of the event that is happening, or of the last one; -1 before the first. */
  readonly eventIndex: number;
  /** Timeline faults that have begun and not ended, or are still to come. */
  readonly faultsPending: number;
  /** The time at which the last fault began or ended, in microseconds. */
  readonly lastFaultAt: number;
}

/** A message, request or response that left an actor. */
export interface SendRecord {
  readonly from: number;
  readonly to: number;
  readonly payload: Payload;
  /** `dropped` names the rule that dropped it. */
  readonly dropped: string | null;
}

/** Sees everything that happens in a run; it must not change the world. */
export interface Observer {
  beforeEvent?(event: PendingEvent): void;
  afterEvent(world: WorldView, record: EventRecord): void;
  onSend?(send: SendRecord): void;
  onLog?(node: number, event: LogEvent): void;
  /** A fault was performed; names such as {leader} are resolved. */
  onFault?(done: FaultAction): void;
  onOutcome?(client: number, sequence: number, completion: Completion): void;
}
