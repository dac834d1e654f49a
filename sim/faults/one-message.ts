/** What happens to one message on its way: it is lost, or a copy of it arrives as well. */
import { contentHash, eventStem, mayHappen, retransmit } from '../engine/index.ts';
import type { PendingEvent, World } from '../engine/index.ts';
import type { OneMessageFault } from './fault.ts';
import type { Performed } from './performed.ts';

type Kind<K extends OneMessageFault['kind']> = Extract<OneMessageFault, { readonly kind: K }>;

/** Loses the message. What is not on its way cannot be lost: then nothing happens. */
export function performLose(world: World, fault: Kind<'lose'>): Performed {
  const event = findMessage(world, fault.message);
  if (event === null) return nothingThere(fault);
  world.schedule.remove(event);
  return { done: fault, undo: null };
}

/** Sends the message again as it is; the two copies may arrive in either order. */
export function performRepeat(world: World, fault: Kind<'repeat'>): Performed {
  const event = findMessage(world, fault.message);
  if (event === null) return nothingThere(fault);
  retransmit(world, event, Math.max(0, event.at - world.now));
  return { done: fault, undo: null };
}

/** The oldest of exactly this content, else the oldest of this receiver, sender and type. */
export function findMessage(world: World, identity: string): PendingEvent | null {
  const [stem = '', hash] = identity.split('#');
  const [to = '', from = ''] = (stem.split(' ')[0] as string).split('<-');
  const actor = world.actorIndex.get(to);
  const sender = world.actorIndex.get(from) ?? -1;
  const content = hash === undefined ? null : Number.parseInt(hash, 16) | 0;
  let like: PendingEvent | null = null;
  let exact: PendingEvent | null = null;
  world.schedule.each((event) => {
    const { payload } = event;
    if (event.actor !== actor || event.from !== sender || payload === null) return;
    const isOlder = like === null || event.id < like.id;
    const isExact = contentHash(payload) === content && (exact === null || event.id < exact.id);
    if (!isOlder && !isExact) return;
    if (!mayHappen(world, event) || eventStem(world, event) !== stem) return;
    if (isOlder) like = event;
    if (isExact) exact = event;
  });
  return exact ?? like;
}

function nothingThere(fault: OneMessageFault): Performed {
  return { done: { ...fault, skipped: 'it is not on its way' }, undo: null };
}
