/** What byzantine nodes do, by name: how each behaviour answers to a message of the liar's. */
import { contentHash, eventIdentity, mix, valueOf } from '../../engine/index.ts';
import type { FaultAction, Payload, PendingEvent, Plain, World } from '../../engine/index.ts';
import type { BehaviourName, LieFault, Tell } from '../fault.ts';
import { LieContext } from './context.ts';
import { invented, inventions } from './invent.ts';
import type { Liars, OtherStory, Standing } from './liars.ts';
import { leavesOf, typeOf, valueAt, withValue } from './structure.ts';

export interface Behaviour {
  /** One sentence, for lists. */
  readonly title: string;
  /** The chance in a million, for each message, where a scenario does not say. */
  readonly ppm: number;
}

const ALWAYS = 1_000_000;
const OFTEN = 250_000;
const SELDOM = 50_000;

export const behaviours: Readonly<Record<BehaviourName, Behaviour>> = {
  silent: { title: 'sends nothing', ppm: ALWAYS },
  'selective-silence': { title: 'sends nothing to half of the others', ppm: ALWAYS },
  delay: { title: "sends just before or just after the receiver's next timeout", ppm: ALWAYS },
  equivocate: { title: 'says one thing to half of the others, another to the rest', ppm: ALWAYS },
  'double-vote': { title: 'votes for whoever asks, or for two things at once', ppm: OFTEN },
  corrupt: { title: 'has one field wrong: by one, or another value of the run', ppm: OFTEN },
  replay: { title: 'repeats an old message', ppm: OFTEN },
  'old-value': { title: 'has the value of an earlier message in one field', ppm: OFTEN },
  'stale-certificate': { title: 'presents the lists of an earlier message', ppm: OFTEN },
  forge: { title: 'speaks in the name of another, without its secret', ppm: OFTEN },
  'partial-mac': { title: 'signs so that half of the others cannot verify it', ppm: OFTEN },
  amnesia: { title: 'forgets everything and starts anew', ppm: SELDOM },
  twins: { title: 'is two instances with one identity that take turns', ppm: OFTEN },
  collude: { title: 'shares secrets and the other story with the nodes named beside it', ppm: 0 },
  'lying-view-change': { title: 'leaves out, or makes up, what it has prepared', ppm: OFTEN },
  'bad-state-transfer': { title: 'hands out wrong state', ppm: OFTEN },
  flood: { title: 'runs far ahead with numbers', ppm: SELDOM },
  own: { title: "tells the protocol's own lies", ppm: OFTEN },
};

/** Behaviours that show in time or at a node, not in what is said. */
const UNSPOKEN = ['silent', 'selective-silence', 'delay', 'amnesia', 'twins', 'collude'];

/** The behaviours that say something else: for orders in which time means nothing. */
const spoken = (Object.keys(behaviours) as BehaviourName[]).filter(
  (name) => !UNSPOKEN.includes(name) && name !== 'forge' && name !== 'partial-mac',
);

/** What liars propose while behaviours are in force: see `Liars.sent`. Every value is a draw. */
export function propose(
  world: World,
  liars: Liars,
  standing: Standing,
  event: PendingEvent,
): FaultAction | null {
  const { fault } = standing;
  const stream = mix(world.draws.streams.link(event.from, event.actor), 0x6c696573);
  const draw = (bound: number) => world.draws.draw(stream, world.now, bound);
  const names = fault.behaviours.filter((name) => name !== 'collude');
  if (names.length === 0) names.push('equivocate');
  const name = names[draw(names.length)] as BehaviourName;
  if (draw(1_000_000) >= (fault.ppm ?? behaviours[name].ppm)) return null;
  if (name === 'amnesia') return { kind: 'amnesia', nodes: [idOf(world, event)] };
  if (name === 'twins') return { kind: 'twin', nodes: [idOf(world, event)] };
  const tell = tellOf(name, new LieContext(world, liars, event, draw), standing);
  return tell === null ? null : lie(world, event, name, tell);
}

/** So many different lies a search may choose from about one message. */
export const liesAbout = 2 * spoken.length;

/**
 * Lie number `variant` (below `liesAbout`) about a message on its way. It is a function of the
 * world and the number: a search decides by choosing it. What cannot be told is silence.
 */
export function lieAbout(
  world: World,
  liars: Liars,
  event: PendingEvent,
  variant: number,
): LieFault {
  const name = spoken[variant % spoken.length] as BehaviourName;
  let ordinal = 0;
  const salt = mix(contentHash(event.payload as object), variant);
  const draw = (bound: number) => valueOf(mix(salt, ordinal++), bound);
  const context = new LieContext(world, liars, event, draw);
  for (const one of [name, 'corrupt'] as const) {
    const tell = invented(one, context);
    if (tell !== null) return lie(world, event, one, tell);
  }
  return lie(world, event, 'silent', { silence: true });
}

function tellOf(name: BehaviourName, context: LieContext, standing: Standing): Tell | null {
  const hearsOther = standing.to.includes(context.event.actor);
  switch (name) {
    case 'silent':
      return { silence: true };
    case 'selective-silence':
      return hearsOther ? { silence: true } : null;
    case 'delay': {
      const byUs = context.timeToTimeout();
      return byUs === null ? null : { byUs };
    }
    case 'partial-mac':
      return hearsOther ? invented(name, context) : null;
    case 'equivocate':
      return hearsOther ? otherStory(context, standing) : null;
    default:
      return invented(name, context);
  }
}

/**
 * All who hear the other story of one broadcast hear the same. A message about something that the
 * story has words for is told in these; else it adds to the story.
 */
function otherStory(context: LieContext, standing: Standing): Tell | null {
  const { world, liars, event } = context;
  const { payload, from } = event;
  const told = inWordsOf(standing.story, payload);
  if (told !== payload) return { instead: told as Plain };
  const type = typeOf(payload);
  const known = liars.broadcast;
  const isSame =
    known !== null &&
    known.event === world.eventIndex &&
    known.from === from &&
    known.type === type;
  if (isSame) return known.tell(payload);
  const tell = inventions.equivocate(context);
  if (tell === null) return null;
  liars.broadcast = { event: world.eventIndex, from, type, tell: context.repeat(tell) };
  liars.addToStory(standing, new Map([...standing.story, ...wordsOf(context, tell)]));
  return tell;
}

/** So long a text is taken for a digest or a value, whose every occurrence means the same. */
const WORD = 4;

/** The texts that a lie replaces, and with what; names of nodes and clients are no such words. */
function wordsOf(
  { leaves, world }: LieContext,
  { field, value, instead }: Tell,
): [string, string][] {
  return leaves.flatMap(({ path, value: was }): [string, string][] => {
    const changed = path === field ? value : undefined;
    const said = instead === undefined ? changed : valueAt(instead, path);
    const isWord = typeof was === 'string' && was.length >= WORD && !world.actorIndex.has(was);
    return isWord && typeof said === 'string' && said !== was ? [[was, said]] : [];
  });
}

/** The payload with every word of the story replaced; itself when it has none. */
function inWordsOf(story: OtherStory, payload: Payload): Payload {
  let told = payload;
  for (const { path, value } of leavesOf(payload)) {
    const word = typeof value === 'string' ? story.get(value) : undefined;
    if (word !== undefined) told = withValue(told, path, word);
  }
  return told;
}

function lie(world: World, event: PendingEvent, how: BehaviourName, tell: Tell): LieFault {
  return { kind: 'lie', how, message: eventIdentity(world, event), ...tell };
}

function idOf({ nodeIds }: World, { from }: PendingEvent): string {
  return nodeIds[from] as string;
}
