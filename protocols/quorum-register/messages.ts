/** The messages of the two phases (Lynch and Shvartsman, §4); a reply is a message of its own. */
import type { Effects, NodeId, Plain, RequestId } from '../../sim/engine/protocol.ts';

/** Orders writes: the greater counter, then the greater name, is the later one. */
export type Timestamp = {
  readonly counter: number;
  /** The node that chose it. */
  readonly node: NodeId;
};

/** A value with the timestamp under which it was written. */
export type Version = Timestamp & { readonly value: Plain };

/** What a key holds that was never written: older than every write. */
export const initial: Version = Object.freeze({ counter: 0, node: '', value: null });

/** Phase 1: what do you hold under this key? */
export interface Query extends RequestId {
  readonly type: 'Query';
  readonly key: string;
}

export interface QueryReply extends RequestId {
  readonly type: 'QueryReply';
  readonly version: Version;
}

/** Phase 2: keep this, unless you hold something newer. */
export interface Propagate extends RequestId {
  readonly type: 'Propagate';
  readonly key: string;
  readonly version: Version;
}

/** The sender holds, on its disk, a version at least as new as the one named here. */
export interface PropagateReply extends RequestId, Timestamp {
  readonly type: 'PropagateReply';
}

export type RegisterMessage = Query | QueryReply | Propagate | PropagateReply;

export type RegisterTimer = 'resend';

export type RegisterEffects = Effects<RegisterMessage, RegisterTimer>;

/** A message in a few words: `c1/3 x`, `c1/3 x=5@2.n1`. */
export function describeMessage(message: RegisterMessage): string {
  const { client, sequence } = message;
  const request = `${client}/${sequence}`;
  switch (message.type) {
    case 'Query':
      return `${request} ${message.key}`;
    case 'QueryReply':
      return `${request} ${describeVersion(message.version)}`;
    case 'Propagate':
      return `${request} ${message.key}=${describeVersion(message.version)}`;
    case 'PropagateReply':
      return `${request} @${describeTimestamp(message)}`;
  }
}

function describeVersion(version: Version): string {
  return `${JSON.stringify(version.value)}@${describeTimestamp(version)}`;
}

function describeTimestamp({ counter, node }: Timestamp): string {
  return node === '' ? `${counter}` : `${counter}.${node}`;
}
