/** A client's request out of a script. */
import { EventKind, type Request, type World } from '../engine/index.ts';
import type { RequestFault } from './fault.ts';
import { resolveNodes } from './nodes.ts';
import type { Performed } from './performed.ts';

/** Who asks; there is no such client, so answers go nowhere and no history is kept. */
const CLIENT = 'script';

/** The request is the node's next event. */
export function performRequest(world: World, fault: RequestFault): Performed {
  const [node] = resolveNodes(world, [fault.node]);
  if (node === undefined) return { done: { ...fault, skipped: 'no such node' }, undo: null };
  const request: Request = {
    client: CLIENT,
    // The number of this event: it grows from request to request.
    sequence: world.eventIndex,
    command: fault.command,
    attempt: 1,
  };
  const { eventIndex, now, schedule } = world;
  schedule.add(EventKind.request, now, node, -1, request, '', '', eventIndex);
  return { done: { ...fault, node: world.nodeIds[node] }, undo: null };
}
