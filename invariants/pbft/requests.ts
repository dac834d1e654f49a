/** What a client signs (§4.1), said once more so that no error of the protocol hides here. */
import type { Plain } from '../../sim/engine/protocol.ts';
import type { SignedRequest } from '../../protocols/pbft/messages.ts';

export function requestPayloadOf({ client, sequence, command }: SignedRequest): Plain {
  return { client, sequence, command };
}
