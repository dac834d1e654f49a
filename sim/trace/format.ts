/** What a trace holds: one schema per value of the file, and the types that follow from them. */
import { z } from 'zod';
import { finish, hex32, kindNames, mixString } from '../engine/index.ts';

/** Grows when a reader of the older format could no longer understand a file. */
export const formatVersion = 1;

/** A snapshot of all nodes follows after this many events. */
export const snapshotEvery = 500;

const count = z.int().min(0);
const index = z.int().min(-1);
const hash32 = z.uint32();
const hash64 = z.string().regex(/^[0-9a-f]{16}$/, 'expected 16 hexadecimal digits');
/** Whatever MessagePack can say; the scanner has made sure that it is plain and not too deep. */
const plain = z.unknown();

/** A scenario as it was when the run was made. */
const scenarioSchema = z.strictObject({
  /** Its file's name without folders, so that a trace says nothing about a machine. */
  file: z.string(),
  text: z.string(),
  /** `textHash(text)`. */
  hash: hash64,
});

export const headerSchema = z.strictObject({
  format: z.literal(formatVersion),
  /** The version of the simulator that made the run. */
  engine: z.string(),
  scenario: scenarioSchema,
  seed: z.string(),
  protocol: z.string(),
  mutants: z.array(z.string()),
  strategy: z.string(),
  order: z.enum(['timed', 'untimed']),
  /** Actors are numbered through: the nodes from 0, then the clients. */
  nodes: z.array(z.string()).min(1),
  clients: z.array(z.string()),
});

/** A node at one moment; `state` is null while it is down. */
const nodeSchema = z.strictObject({
  status: z.enum(['up', 'paused', 'down']),
  incarnation: index,
  state: plain,
});

export const snapshotSchema = z.strictObject({
  /** The last event that it includes; -1: the beginning of the run. */
  index,
  nodes: z.array(nodeSchema),
});

const sendSchema = z.strictObject({
  from: index,
  to: count,
  /** The message's type, the command's, or how an answer ended (`ok` or a code). */
  type: z.string(),
  content: hash32,
  /** The rule that dropped it. */
  dropped: z.string().optional(),
});

const logSchema = z.strictObject({
  /** -1: the network. */
  node: index,
  event: z.strictObject({
    level: z.enum(['INFO', 'WARN']).optional(),
    event: z.string(),
    term: z.number().optional(),
    context: z.record(z.string(), plain).optional(),
  }),
});

/** A value that a strategy gave and that the seed alone would not: `[key, value]`. */
const drawSchema = z.tuple([z.int(), count]);

export const startSchema = z.strictObject({
  sends: z.array(sendSchema).optional(),
  logs: z.array(logSchema).optional(),
  draws: z.array(drawSchema).optional(),
});

/** As immer writes them, on the tree `{ status, incarnation, state }` of one node. */
const patchSchema = z.strictObject({
  op: z.enum(['add', 'remove', 'replace']),
  path: z.array(z.union([z.string(), count])).min(1),
  value: plain.optional(),
});

const changeSchema = z.strictObject({
  node: count,
  patches: z.array(patchSchema),
  /** To be applied in the order in which they stand here. */
  inverse: z.array(patchSchema),
});

const completionSchema = z.union([
  z.strictObject({ type: z.literal('ok'), value: plain }),
  z.strictObject({ type: z.enum(['fail', 'info']), error: z.string() }),
]);

export const violationSchema = z.strictObject({
  invariant: z.string(),
  message: z.string(),
  event: index,
  at: count,
  node: z.string().nullable(),
  facts: z.array(
    z.strictObject({
      text: z.string(),
      node: z.string().optional(),
      event: z.int().optional(),
    }),
  ),
  witness: plain.optional(),
});

/** One event. Fields without content are left out. */
export const eventSchema = z.strictObject({
  index: count,
  /** Microseconds of virtual time. */
  at: count,
  kind: z.enum(kindNames),
  /** To whom it happens; -1: the world. */
  actor: index,
  from: count.optional(),
  /** Receiver, sender and type: `n2<-n1 AppendEntries`. */
  stem: z.string(),
  /** `stem` and `words` are the label. */
  words: z.string().optional(),
  /** `stem#content` is the identity. */
  content: hash32.optional(),
  /** How many older pending events had the same identity. */
  nth: z.int().min(1).optional(),
  /** The event that made it. */
  cause: count.optional(),
  /** The last event before it that happened to the same actor. */
  previous: count.optional(),
  payload: plain.optional(),
  /** It arrived at a node that was down. */
  lost: z.literal(true).optional(),
  /** What a fault did, names such as {leader} resolved. */
  fault: z.looseObject({ kind: z.string() }).optional(),
  sends: z.array(sendSchema).optional(),
  changes: z.array(changeSchema).optional(),
  logs: z.array(logSchema).optional(),
  /** The operation that a client began. */
  invoked: z
    .strictObject({ sequence: count, command: z.looseObject({ type: z.string() }) })
    .optional(),
  outcomes: z
    .array(z.strictObject({ client: count, sequence: count, completion: completionSchema }))
    .optional(),
  draws: z.array(drawSchema).optional(),
  violation: violationSchema.optional(),
});

const verdictSchema = z.strictObject({
  id: z.string(),
  outcome: z.enum(['holds', 'violated', 'unknown']),
});

export const footerSchema = z.strictObject({
  reason: z.enum(['violation', 'time', 'events', 'quiet', 'interrupted']),
  violation: violationSchema.nullable(),
  verdicts: z.array(verdictSchema),
  counters: z.strictObject({
    events: count,
    virtualUs: count,
    sent: count,
    dropped: count,
    byKind: z.record(z.string(), count),
  }),
  /** The rolling hash after the last event. */
  hash: hash64,
});

export type TraceHeader = z.infer<typeof headerSchema>;
export type TraceStart = z.infer<typeof startSchema>;
export type TracedNode = z.infer<typeof nodeSchema>;
export type Snapshot = z.infer<typeof snapshotSchema>;
export type TracedSend = z.infer<typeof sendSchema>;
export type Patch = z.infer<typeof patchSchema>;
export type Change = z.infer<typeof changeSchema>;
export type TraceEvent = z.infer<typeof eventSchema>;
export type Verdict = z.infer<typeof verdictSchema>;
export type TraceFooter = z.infer<typeof footerSchema>;
export type TracedViolation = z.infer<typeof violationSchema>;

/** A run in memory; `footer` is null when the file ends before the run did. */
export interface Trace {
  readonly header: TraceHeader;
  readonly start: TraceStart;
  /** In the order of their indices; the first is the beginning. */
  readonly snapshots: readonly Snapshot[];
  readonly events: readonly TraceEvent[];
  readonly footer: TraceFooter | null;
}

/** `n2<-n1 AppendEntries#1a2b3c4d`: what the event is, whatever happens around it. */
export function identityOf({ stem, content }: TraceEvent): string {
  return content === undefined ? stem : `${stem}#${hex32(content)}`;
}

/** `n2<-n1 AppendEntries term=3 prev=4 +2`: the event for people. */
export function labelOf({ stem, words }: TraceEvent): string {
  return words === undefined ? stem : `${stem} ${words}`;
}

/** An actor's name; `world` for -1. */
export function nameOf({ nodes, clients }: TraceHeader, actor: number): string {
  return actor < 0 ? 'world' : (nodes[actor] ?? clients[actor - nodes.length] ?? `a${actor}`);
}

/** 16 hexadecimal digits that tell two texts apart; not a defence against forgery. */
export function textHash(text: string): string {
  return hex32(finish(mixString(0x6a09e667, text))) + hex32(finish(mixString(0x3c6ef372, text)));
}
