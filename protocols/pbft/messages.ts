/** The messages of Castro and Liskov, §4; what is signed, and how each reads in a few words. */
import type { Command, Effects, NodeId, RequestId, Signature } from '../../sim/engine/protocol.ts';
import type { MachineSnapshot } from '../common/state-machine.ts';

/** §4.1: ⟨REQUEST, o, t, c⟩ signed by c; a client's sequence number is its timestamp. */
export type SignedRequest = RequestId & {
  readonly command: Command;
  readonly signature: Signature;
};

/** The requests that share a sequence number (§4.2); a null request (§4.4) is an empty one. */
export type Batch = readonly SignedRequest[];

/** A backup relays what a client has sent it (§4.1). */
export type Relay = { readonly type: 'Request'; readonly request: SignedRequest };

/** What a replica signs carries its name: anybody may pass it on. */
type Signed = { readonly replica: NodeId; readonly signature: Signature };

/** One digest for one sequence number in one view. */
export type Assignment = {
  readonly view: number;
  readonly sequence: number;
  readonly digest: string;
};

/** ⟨PRE-PREPARE, v, n, d⟩ as certificates and new views carry it: without the requests. */
export type OrderHeader = Assignment & Signed;

/** §4.2: the primary gives a batch its place. */
export type PrePrepare = OrderHeader & { readonly type: 'PrePrepare'; readonly batch: Batch };

export type Prepare = Assignment & Signed & { readonly type: 'Prepare' };
export type Commit = Assignment & Signed & { readonly type: 'Commit' };
export type Vote = Prepare | Commit;

/** §4.2, prepared(m, v, n, i): a pre-prepare and the matching prepares of 2f backups. */
export type PreparedCertificate = {
  readonly prePrepare: OrderHeader;
  readonly prepares: readonly Prepare[];
};

/** §4.3: the state after `sequence` has this digest. */
export type Checkpoint = Signed & {
  readonly type: 'Checkpoint';
  readonly sequence: number;
  readonly digest: string;
};

/** §4.4: ⟨VIEW-CHANGE, v + 1, n, C, P, i⟩. */
export type ViewChange = Signed & {
  readonly type: 'ViewChange';
  readonly view: number;
  /** n: the last stable checkpoint, and C, its proof. */
  readonly stable: number;
  readonly proof: readonly Checkpoint[];
  /** P: whatever prepared behind it. */
  readonly prepared: readonly PreparedCertificate[];
};

/** §4.4: ⟨NEW-VIEW, v + 1, V, O⟩. */
export type NewView = Signed & {
  readonly type: 'NewView';
  readonly view: number;
  readonly viewChanges: readonly ViewChange[];
  readonly prePrepares: readonly OrderHeader[];
};

/** Asks for the requests behind a digest that a new view has brought. */
export type FetchBatch = {
  readonly type: 'FetchBatch';
  readonly sequence: number;
  readonly digest: string;
};
export type BatchReply = {
  readonly type: 'Batch';
  readonly sequence: number;
  readonly digest: string;
  readonly batch: Batch;
};

/** §4.3, §5.3: asks for the state as of a checkpoint, or a later one. */
export type FetchState = { readonly type: 'FetchState'; readonly sequence: number };
export type StateReply = {
  readonly type: 'State';
  readonly sequence: number;
  readonly snapshot: MachineSnapshot;
  readonly proof: readonly Checkpoint[];
};

/** Where the sender stands, so that others send again what it lacks. */
export type Status = {
  readonly type: 'Status';
  readonly view: number;
  readonly isActive: boolean;
  readonly executed: number;
  readonly stable: number;
};

export type PbftMessage =
  | Relay
  | PrePrepare
  | Vote
  | Checkpoint
  | ViewChange
  | NewView
  | FetchBatch
  | BatchReply
  | FetchState
  | StateReply
  | Status;

/** `view-change` is the timer of §4.4; `status` and `fetch` repeat what may have been lost. */
export type PbftTimer = 'view-change' | 'status' | 'fetch';

export type PbftEffects = Effects<PbftMessage, PbftTimer>;

/**
 * What is signed: the message without its signature, in one order of fields. A pre-prepare is
 * signed without its requests (§4.2), for the digest binds them.
 */
export function requestPayload({ client, sequence, command }: Omit<SignedRequest, 'signature'>) {
  return { client, sequence, command };
}

export function orderPayload(order: Omit<OrderHeader, 'signature'>) {
  const { view, sequence, digest, replica } = order;
  return { view, sequence, digest, replica };
}

export function votePayload({ type, view, sequence, digest, replica }: Omit<Vote, 'signature'>) {
  return { type, view, sequence, digest, replica };
}

export function checkpointPayload(message: Omit<Checkpoint, 'signature'>) {
  const { type, sequence, digest, replica } = message;
  return { type, sequence, digest, replica };
}

export function viewChangePayload(message: Omit<ViewChange, 'signature'>) {
  const { type, view, stable, proof, prepared, replica } = message;
  return { type, view, stable, proof, prepared, replica };
}

export function newViewPayload(message: Omit<NewView, 'signature'>) {
  const { type, view, viewChanges, prePrepares, replica } = message;
  return { type, view, viewChanges, prePrepares, replica };
}

/** A message in a few words: `view=0 seq=3 c1/2`, `view=1 stable=0 prepared=1,2`. */
export function describeMessage(message: PbftMessage): string {
  switch (message.type) {
    case 'Request':
      return describeBatch([message.request]);
    case 'PrePrepare':
      return `${describeAssignment(message)} ${describeBatch(message.batch)}`;
    case 'Prepare':
    case 'Commit':
      return `${describeAssignment(message)} of=${message.replica}`;
    case 'Checkpoint':
      return `seq=${message.sequence} of=${message.replica}`;
    case 'ViewChange': {
      const { view, stable, prepared, replica } = message;
      const orders = prepared.map(({ prePrepare }) => prePrepare);
      return `view=${view} of=${replica} stable=${stable} prepared=${describeOrders(orders)}`;
    }
    case 'NewView': {
      const { view, viewChanges, prePrepares } = message;
      const from = viewChanges.map(({ replica }) => replica).join(',');
      return `view=${view} from=${from} orders=${describeOrders(prePrepares)}`;
    }
    case 'FetchBatch':
      return `seq=${message.sequence}`;
    case 'Batch':
      return `seq=${message.sequence} ${describeBatch(message.batch)}`;
    case 'FetchState':
    case 'State':
      return `seq=${message.sequence}`;
    case 'Status': {
      const { view, isActive, executed, stable } = message;
      return `view=${view}${isActive ? '' : '?'} executed=${executed} stable=${stable}`;
    }
  }
}

function describeAssignment({ view, sequence }: Assignment): string {
  return `view=${view} seq=${sequence}`;
}

/** `c1/2 c3/1`, or `null`. */
export function describeBatch(batch: Batch): string {
  if (batch.length === 0) return 'null';
  return batch.map(({ client, sequence }) => `${client}/${sequence}`).join(' ');
}

/** `3@0,4@1`: sequence numbers, and the views in which they were assigned. */
function describeOrders(orders: readonly OrderHeader[]): string {
  if (orders.length === 0) return 'none';
  return orders.map(({ sequence, view }) => `${sequence}@${view}`).join(',');
}
