/**
 * Blocks of events as columns, the way a page holds them: what repeats stands once, what follows
 * from the rest is left out. Nothing is lost: `unpackBlock` gives the same events again.
 */
import type { Change, TraceEvent, TracedSend } from '../../trace/format.ts';
import { Dictionary, valuesOf, type Column } from './dictionary.ts';
import { packChange, Paths, unpackChange, type PackedChange, type Path } from './pack-change.ts';
import { Written } from './inverse.ts';

export interface PackedBlock {
  /** The index of its first event. */
  readonly first: number;
  /** Microseconds: of the first event, then from each to the next. */
  readonly at: readonly number[];
  /** Paths of patches. */
  readonly paths: readonly Path[];
  /** Those of `fields` that some event has. */
  readonly columns: Readonly<Record<string, Column>>;
}

/** In the order in which the recorder writes them. */
const fields = [
  ...(['kind', 'actor', 'from', 'stem', 'words', 'content', 'nth', 'lost', 'cause'] as const),
  ...(['previous', 'payload', 'fault', 'sends', 'logs', 'outcomes', 'changes'] as const),
  ...(['invoked', 'draws', 'violation'] as const),
];

type Values = Record<string, unknown>;

export function packBlock(events: readonly TraceEvent[]): PackedBlock {
  const at = events.map((event, i) => event.at - (events[i - 1]?.at ?? 0));
  const dictionaries = fields.map((field) => [field, new Dictionary()] as const);
  const [paths, written, last] = [new Paths(), new Written(), new LastEvents()];
  for (const event of events) {
    const { index, cause, previous, sends, changes } = event;
    const isExpected = last.of(event.actor) === previous;
    const values: Values = {
      ...event,
      cause: cause === undefined ? undefined : index - cause,
      // How far back; 0: it has none, though one was to be expected.
      previous: isExpected ? undefined : index - (previous ?? index),
      sends: sends?.map(packSend),
      changes: changes?.map((change) => packChange(change, event.at, paths, written)),
    };
    last.add(event);
    for (const [field, dictionary] of dictionaries) dictionary.add(values[field]);
  }
  const used = dictionaries.filter(([, { values }]) => values.length > 0);
  const columns = used.map(([field, { values, refs }]) => [field, { values, refs }] as const);
  const first = events[0]?.index ?? 0;
  return { first, at, paths: paths.list, columns: Object.fromEntries(columns) };
}

/** Equal parts of different events may be the same object: nobody may change them. */
export function unpackBlock({ first, at, paths, columns }: PackedBlock): TraceEvent[] {
  const lists = fields.map((field) => {
    const { values, refs } = columns[field] ?? { values: [], refs: [] };
    const whole = field === 'sends' ? (values as PackedSend[][]).map(unpackSends) : values;
    return { field, values: valuesOf({ values: whole, refs }) };
  });
  const [written, last] = [new Written(), new LastEvents()];
  let now = 0;
  return at.map((passed, i) => {
    now += passed;
    const index = first + i;
    const values: Values = { index, at: now };
    for (const list of lists) {
      const value = unpackField(list.field, list.values[i]);
      if (value !== undefined) values[list.field] = value;
    }
    const event = values as unknown as TraceEvent;
    last.add(event);
    return event;

    function unpackField(field: string, value: unknown): unknown {
      if (field === 'previous') {
        if (value === undefined) return last.of(values['actor'] as number);
        return value === 0 ? undefined : index - (value as number);
      }
      if (value === undefined) return undefined;
      if (field === 'cause') return index - (value as number);
      if (field !== 'changes') return value;
      return (value as PackedChange[]).map((one) => unpackChange(one, now, paths, written));
    }
  });
}

/** The last event of the block at each actor; a fault counts for each node that it changed. */
class LastEvents {
  private readonly indices = new Map<number, number>();

  of(actor: number): number | undefined {
    return this.indices.get(actor);
  }

  add({ index, actor, changes }: TraceEvent): void {
    this.indices.set(actor, index);
    changes?.forEach(({ node }: Change) => this.indices.set(node, index));
  }
}

/** Sender, receiver, type, content, and the rule that dropped it. */
type PackedSend = readonly [number, number, string, number, string?];

function packSend({ from, to, type, content, dropped }: TracedSend): PackedSend {
  return dropped === undefined ? [from, to, type, content] : [from, to, type, content, dropped];
}

function unpackSends(sends: readonly PackedSend[]): TracedSend[] {
  return sends.map(([from, to, type, content, dropped]) => {
    const send = { from, to, type, content };
    return dropped === undefined ? send : { ...send, dropped };
  });
}
