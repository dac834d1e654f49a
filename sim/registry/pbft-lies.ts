/** What a byzantine replica of PBFT might say, well-formed and signed with its own secret. */
import { digestOf } from '../../protocols/pbft/digest.ts';
import {
  checkpointPayload,
  newViewPayload,
  orderPayload,
  viewChangePayload,
  votePayload,
  type NewView,
  type OrderHeader,
  type PbftMessage,
  type PrePrepare,
  type ViewChange,
  type Vote,
} from '../../protocols/pbft/messages.ts';
import type { AnyMessage, Plain } from '../engine/index.ts';
import type { OwnLieContext, OwnLies } from '../faults/index.ts';

/**
 * Another batch for a sequence number, or none (§4.2); votes for another digest; a VIEW-CHANGE that
 * hides what has prepared, or shows an older one (§4.4); a NEW-VIEW that forgets or empties places.
 */
export const pbftLies: OwnLies = (anyMessage, context) => {
  // The engine hands back what this same protocol has sent.
  const message = anyMessage as unknown as PbftMessage;
  switch (message.type) {
    case 'PrePrepare':
      return otherBatches(message, context);
    case 'Prepare':
    case 'Commit':
      return otherVotes(message, context);
    case 'Checkpoint': {
      const { signature: _signature, ...content } = { ...message, digest: flipped(message.digest) };
      return signed(content, checkpointPayload(content), context);
    }
    case 'ViewChange':
      return otherViewChanges(message, context);
    case 'NewView':
      return otherNewViews(message, context);
    default:
      return [];
  }
};

function otherBatches(message: PrePrepare, context: OwnLieContext): readonly AnyMessage[] {
  const known = context.seen('PrePrepare') as unknown as readonly PrePrepare[];
  const batches = [[], ...known.map(({ batch }) => batch)];
  return batches.flatMap((batch) => {
    const { signature: _signature, ...content } = { ...message, batch, digest: digestOf(batch) };
    if (content.digest === message.digest) return [];
    return signed(content, orderPayload(content), context);
  });
}

/** For whatever else was proposed at this place. */
function otherVotes(message: Vote, context: OwnLieContext): readonly AnyMessage[] {
  const known = context.seen('PrePrepare') as unknown as readonly PrePrepare[];
  return known.flatMap(({ sequence, digest }) => {
    if (sequence !== message.sequence || digest === message.digest) return [];
    const { signature: _signature, ...content } = { ...message, digest };
    return signed(content, votePayload(content), context);
  });
}

function otherViewChanges(message: ViewChange, context: OwnLieContext): readonly AnyMessage[] {
  const older = context.seen('ViewChange') as unknown as readonly ViewChange[];
  const parts: readonly Partial<ViewChange>[] = [
    { prepared: [] },
    { prepared: message.prepared.slice(0, -1) },
    { prepared: message.prepared.slice(1) },
    { stable: 0, proof: [] },
    ...older.map(({ stable, proof, prepared }) => ({ stable, proof, prepared })),
  ];
  return parts.flatMap((part) => {
    const { signature: _signature, ...content } = { ...message, ...part };
    return signed(content, viewChangePayload(content), context);
  });
}

function otherNewViews(message: NewView, context: OwnLieContext): readonly AnyMessage[] {
  const { prePrepares, viewChanges } = message;
  const emptied = prePrepares.flatMap(({ view, sequence, replica }): OrderHeader[] => {
    const order = { view, sequence, digest: digestOf([]), replica };
    const signature = context.sign(context.self, orderPayload(order));
    return signature === null ? [] : [{ ...order, signature }];
  });
  const parts: readonly Partial<NewView>[] = [
    { prePrepares: prePrepares.slice(0, -1) },
    { prePrepares: emptied },
    { viewChanges: viewChanges.slice(0, -1) },
  ];
  return parts.flatMap((part) => {
    const { signature: _signature, ...content } = { ...message, ...part };
    return signed(content, newViewPayload(content), context);
  });
}

/** Under the sender's own name; replicas look at no other. */
function signed(
  content: { readonly type: string },
  payload: Plain,
  { sign, self }: OwnLieContext,
): readonly AnyMessage[] {
  const signature = sign(self, payload);
  return signature === null ? [] : [{ ...content, signature } as AnyMessage];
}

function flipped(digest: string): string {
  return digest.endsWith('0') ? `${digest.slice(0, -1)}1` : `${digest.slice(0, -1)}0`;
}
