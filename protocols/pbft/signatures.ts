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
  type NewView,
  type OrderHeader,
  type PbftEffects,
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
export function signOrder(
  { view, sequence, digest }: Assignment,
  effects: PbftEffects,
): OrderHeader {
  const signature = effects.sign(orderPayload({ view, sequence, digest }));
  return Object.freeze({ view, sequence, digest, replica: effects.self, signature });
}

export function signVote<Type extends 'Prepare' | 'Commit'>(
  type: Type,
  { view, sequence, digest }: Assignment,
  effects: PbftEffects,
): Extract<Vote, { type: Type }> {
  const replica = effects.self;
  const signature = effects.sign(votePayload({ type, view, sequence, digest, replica }));
  const vote = { type, view, sequence, digest, replica, signature };
  return Object.freeze(vote) as unknown as Extract<Vote, { type: Type }>;
}
