/** What became of entries: which were decided, which a node had and has no longer. */
import {
  describeCommand,
  type Command,
  type LogView,
  type Observation,
} from '../../engine/index.ts';

/** An entry of some node's log. */
export interface Entry {
  readonly index: number;
  readonly term: number;
  /** Who asked for it and what, if a client did and the log shows it. */
  readonly request: { readonly id: string; readonly words: string } | null;
}

/** What one look at a node has found. */
export interface Found {
  /** What it had before and has no longer. */
  readonly lost: readonly Entry[];
  /** The last entry of a snapshot that it was given instead of entries; 0: none. */
  readonly snapshot: number;
}

/** So many entries of a log are remembered, in order to know them when they are gone. */
const REMEMBERED = 2048;

export class Entries {
  /** What each node was last seen to have. */
  private readonly logs: Entry[][];
  private readonly lasts: number[];
  /** The entries that some node knew to be decided. */
  private readonly decidedTerms = new Map<number, number>();
  /** Requests in dropped entries, and where they were decided after all, or null. */
  readonly dropped = new Map<string, number | null>();
  /** Every position up to here is decided, as far as anybody knew. */
  decided = 0;

  constructor(nodes: number) {
    this.logs = Array.from({ length: nodes }, () => []);
    this.lasts = Array.from({ length: nodes }, () => 0);
  }

  /** Looks at a node after an event. */
  see(node: number, { log, decided }: Observation): Found {
    if (log === null) {
      this.decided = Math.max(this.decided, decided);
      return { lost: [], snapshot: 0 };
    }
    const before = this.lasts[node] as number;
    this.lasts[node] = log.lastIndex;
    const snapshot = log.firstIndex > before + 1 ? log.firstIndex - 1 : 0;
    const lost = this.follow(node, log);
    // Further on in the log, entries follow without a gap.
    if (snapshot > 0) this.logs[node] = entriesOf(log, log.firstIndex);
    for (let i = this.decided + 1; i <= Math.min(decided, log.lastIndex); i++) this.decide(log, i);
    this.decided = Math.max(this.decided, decided);
    return { lost, snapshot };
  }

  /** How many entries of a log at from.. nobody knows to be decided. */
  undecidedIn(log: LogView, from: number): number {
    const first = Math.max(from, log.firstIndex);
    return entriesOf(log, first).filter((entry) => !this.wasDecided(entry)).length;
  }

  /** The disk is gone, and the node's log with it. */
  forget(node: number): void {
    this.logs[node] = [];
    this.lasts[node] = 0;
  }

  wasDecided({ index, term }: Entry): boolean {
    return this.decidedTerms.get(index) === term;
  }

  /** Notes that a node has dropped entries that were not decided, and looks for their requests. */
  drop(entries: readonly Entry[], logs: readonly (LogView | null)[]): void {
    for (const { request } of entries) {
      if (request === null || this.dropped.has(request.id)) continue;
      this.dropped.set(request.id, this.find(request.id, logs));
    }
  }

  private follow(node: number, log: LogView): Entry[] {
    const known = this.logs[node] as Entry[];
    let keep = known.length;
    // Entries that agree in index and term agree in all before them: look from the end.
    while (keep > 0 && log.termAt((known[keep - 1] as Entry).index) !== known[keep - 1]?.term) {
      // What a snapshot has swallowed is not lost.
      if ((known[keep - 1] as Entry).index < log.firstIndex) break;
      keep--;
    }
    const lost = known.splice(keep);
    const from = Math.max(log.firstIndex, (known.at(-1)?.index ?? log.lastIndex - REMEMBERED) + 1);
    known.push(...entriesOf(log, from));
    if (known.length > 2 * REMEMBERED) known.splice(0, known.length - REMEMBERED);
    return lost;
  }

  private decide(log: LogView, index: number): void {
    this.decidedTerms.set(index, log.termAt(index));
    this.decidedTerms.delete(index - 2 * REMEMBERED);
    if (this.dropped.size === 0) return;
    const id = entryAt(log, index).request?.id;
    if (id !== undefined && this.dropped.get(id) === null) this.dropped.set(id, index);
  }

  private find(id: string, logs: readonly (LogView | null)[]): number | null {
    for (const log of logs) {
      if (log === null) continue;
      const first = Math.max(log.firstIndex, this.decided - REMEMBERED);
      for (let i = Math.min(this.decided, log.lastIndex); i >= first; i--) {
        const entry = entryAt(log, i);
        if (entry.request?.id === id && this.wasDecided(entry)) return i;
      }
    }
    return null;
  }
}

function entriesOf(log: LogView, from: number): Entry[] {
  const length = Math.max(0, log.lastIndex - from + 1);
  return Array.from({ length }, (_, i) => entryAt(log, from + i));
}

/** How many of the entries at from..to a client asked for; null when the log does not show it. */
export function requestsIn(log: LogView, from: number, to: number): number | null {
  if (!('at' in log) || from < log.firstIndex) return null;
  let requests = 0;
  for (let i = from; i <= to; i++) if (entryAt(log, i).request !== null) requests++;
  return requests;
}

/** An entry; its request is shown by the logs of `protocols/common/log.ts`. */
function entryAt(log: LogView, index: number): Entry {
  const term = log.termAt(index);
  const { at } = log as { at?: (index: number) => unknown };
  const entry = typeof at === 'function' ? at.call(log, index) : undefined;
  const { request } = (entry ?? {}) as { request?: Partial<Logged> | null };
  if (request?.command === undefined) return { index, term, request: null };
  const { client, sequence, command } = request;
  const words = `${describeCommand(command)} (${client})`;
  return { index, term, request: { id: `${client}/${sequence}`, words } };
}

interface Logged {
  readonly client: string;
  readonly sequence: number;
  readonly command: Command;
}
