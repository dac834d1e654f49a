/** What the page must know of every event at once, as typed arrays; the rest is decoded later. */
import type { TraceEvent } from '../../trace/format.ts';
import { kindNames } from '../../engine/event.ts';

export const Flag = {
  lost: 1,
  dropped: 2,
  violation: 4,
  changes: 8,
  logs: 16,
  client: 32,
} as const;

/** One entry per event, at its index; entries before a window's first event are empty. */
export interface Columns {
  /** Microseconds of virtual time. */
  readonly at: Float64Array;
  /** Index into `kindNames`. */
  readonly kind: Uint8Array;
  readonly actor: Int32Array;
  /** -1: nobody sent it. */
  readonly from: Int32Array;
  /** The event that made it; -1: none. */
  readonly cause: Int32Array;
  /** The event before it at the same actor; -1: none. */
  readonly previous: Int32Array;
  /** Index into `Stems`. */
  readonly stem: Int32Array;
  /** Bits of `Flag`. */
  readonly flags: Uint8Array;
}

export function emptyColumns(count: number): Columns {
  return {
    at: new Float64Array(count),
    kind: new Uint8Array(count),
    actor: new Int32Array(count).fill(-1),
    from: new Int32Array(count).fill(-1),
    cause: new Int32Array(count).fill(-1),
    previous: new Int32Array(count).fill(-1),
    stem: new Int32Array(count),
    flags: new Uint8Array(count),
  };
}

/** Every different stem once: there are few, however long the run is. */
export class Stems {
  readonly texts: string[] = [];
  private readonly known = new Map<string, number>();

  idOf(text: string): number {
    let id = this.known.get(text);
    if (id === undefined) {
      id = this.texts.length;
      this.texts.push(text);
      this.known.set(text, id);
    }
    return id;
  }
}

export function fillColumns(columns: Columns, stems: Stems, event: TraceEvent): void {
  const { index, at, kind, actor, from = -1, cause = -1, previous = -1, stem } = event;
  columns.at[index] = at;
  columns.kind[index] = kindNames.indexOf(kind);
  columns.actor[index] = actor;
  columns.from[index] = from;
  columns.cause[index] = cause;
  columns.previous[index] = previous;
  columns.stem[index] = stems.idOf(stem);
  columns.flags[index] = flagsOf(event);
}

function flagsOf(event: TraceEvent): number {
  let flags = 0;
  if (event.lost === true) flags |= Flag.lost;
  if (event.sends?.some(({ dropped }) => dropped !== undefined) === true) flags |= Flag.dropped;
  if (event.violation !== undefined) flags |= Flag.violation;
  if (event.changes !== undefined) flags |= Flag.changes;
  if (event.logs !== undefined) flags |= Flag.logs;
  if (event.invoked !== undefined || event.outcomes !== undefined) flags |= Flag.client;
  return flags;
}
