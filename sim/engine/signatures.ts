/** Symbolic signatures: a tag that nobody can make who does not hold the signer's secret. */
import { finish, hashPlain } from './hash.ts';
import type { Plain, Signature } from './protocol.ts';
import type { World } from './world.ts';

/** Signs in the name of a node or a client: whoever calls this holds its secret. */
export function signAs(world: World, signer: string, payload: Plain): Signature {
  const secret = hashPlain(world.draws.streams.signatures, signer);
  return { signer, tag: finish(hashPlain(secret, payload)) };
}

/** Whether a signature is its signer's own, over this: anybody can tell. */
export function signatureCheck(world: World): (signature: Signature, payload: Plain) => boolean {
  return (signature, payload) => signature.tag === signAs(world, signature.signer, payload).tag;
}
