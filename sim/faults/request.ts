/** A client's request out of a script. */
import { EventKind, signAs, type Request, type World } from '../engine/index.ts';
import type { RequestFault } from './fault.ts';
import { resolveNodes } from './nodes.ts';
import type { Performed } from './performed.ts';

/** Who asks; there is no such client, so answers go nowhere and no history is kept. */
const CLIENT = 'script';

/** The request is the node's next event. */
export function performRequest(world: World, fault: RequestFault): Performed {
  const [node] = resolveNodes(world, [fault.node]);
  if (node === undefined) return { done: { ...fault, skipped: 'no such node' }, undo: null };
  // The number of this event: it grows from request to request.
  const content = { client: CLIENT, sequence: world.eventIndex, command: fault.command };
  const signs = world.protocol.signsRequests === true;
  const request: Request = {
    ...content,
    attempt: 1,
    ...(signs ? { signature: signAs(world, CLIENT, content) } : {}),
  };
  const { eventIndex, now, schedule } = world;
  schedule.add(EventKind.request, now, node, -1, request, '', '', eventIndex);
  return { done: { ...fault, node: world.nodeIds[node] }, undo: null };
}
