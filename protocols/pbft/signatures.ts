/** Who has signed what: §2 assumes that nobody can sign in another's name. */
import type { NodeId, Plain, Signature } from '../../sim/engine/protocol.ts';
import {
  checkpointPayload,
  newViewPayload,
  orderPayload,
  requestPayload,
  viewChangePayload,
  votePayload,
  type Assignment,
  type Checkpoint,
  type Commit,
  type NewView,
  type OrderHeader,
  type PbftEffects,
  type Prepare,
  type SignedRequest,
  type ViewChange,
  type Vote,
} from './messages.ts';

type Verifier = Pick<PbftEffects, 'verify'>;

/** Whether a signature is of the one who is named, over this. */
export function isSignedBy(
  signer: NodeId,
  signature: Signature,
  payload: Plain,
  effects: Verifier,
): boolean {
  return signature.signer === signer && effects.verify(signature, payload);
}

export function isRequestSigned(request: SignedRequest, effects: Verifier): boolean {
  return isSignedBy(request.client, request.signature, requestPayload(request), effects);
}

export function isOrderSigned(order: OrderHeader, effects: Verifier): boolean {
  return isSignedBy(order.replica, order.signature, orderPayload(order), effects);
}

export function isVoteSigned(vote: Vote, effects: Verifier): boolean {
  return isSignedBy(vote.replica, vote.signature, votePayload(vote), effects);
}

export function isCheckpointSigned(message: Checkpoint, effects: Verifier): boolean {
  return isSignedBy(message.replica, message.signature, checkpointPayload(message), effects);
}

export function isViewChangeSigned(message: ViewChange, effects: Verifier): boolean {
  return isSignedBy(message.replica, message.signature, viewChangePayload(message), effects);
}

export function isNewViewSigned(message: NewView, effects: Verifier): boolean {
  return isSignedBy(message.replica, message.signature, newViewPayload(message), effects);
}

/** A pre-prepare's header in this replica's name. */
export function signOrder({ view, sequence, digest }: Assignment, effects: PbftEffects) {
  const payload = orderPayload({ view, sequence, digest, replica: effects.self });
  return Object.freeze<OrderHeader>({ ...payload, signature: effects.sign(payload) });
}

export function signPrepare({ view, sequence, digest }: Assignment, effects: PbftEffects): Prepare {
  const content = { type: 'Prepare' as const, view, sequence, digest, replica: effects.self };
  return Object.freeze({ ...content, signature: effects.sign(content) });
}

export function signCommit({ view, sequence, digest }: Assignment, effects: PbftEffects): Commit {
  const content = { type: 'Commit' as const, view, sequence, digest, replica: effects.self };
  return Object.freeze({ ...content, signature: effects.sign(content) });
}
