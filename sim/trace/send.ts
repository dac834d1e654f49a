/** What a trace says of a message that was sent. */
import { contentHash, type AnyMessage, type Answer, type Payload } from '../engine/index.ts';
import type { Request, SendRecord } from '../engine/index.ts';
import type { TracedSend } from './format.ts';

/** The send without its content, which the event of its arrival has. */
export function sendOf({ from, to, payload, dropped }: SendRecord): TracedSend {
  return {
    from,
    to,
    type: sendType(payload),
    content: payload === null ? 0 : contentHash(payload) >>> 0,
    ...(dropped === null ? {} : { dropped }),
  };
}

/** A message's type, a command's, or how an answer ended. */
function sendType(payload: Payload): string {
  if (payload === null) return '';
  if ('type' in payload) return (payload as AnyMessage).type;
  if ('command' in payload) return (payload as Request).command.type;
  const { response } = payload as Answer;
  return response.type === 'ok' ? 'ok' : response.code;
}
