/**
 * A replicated log that copies itself cheaply: copies share one array, appending is amortised O(1),
 * and only truncate-then-append pays for a copy. Positions begin at 1; a compacted prefix leaves
 * its last index and term behind.
 */
import type { Forkable, LogView, Plain } from '../../sim/engine/protocol.ts';
import { finish, hashPlain, mix } from '../../sim/engine/hash.ts';

/** What every entry has; it must be plain and is never changed once appended. */
export interface LogEntry {
  readonly term: number;
}

/** Where a reader stood when it last looked at a log; see `firstChange`. */
export interface LogCursor {
  truncations: number;
  lastIndex: number;
}

/** How many recent truncations a log remembers for its readers. */
const REMEMBERED = 8;

let versions = 0;
const none: readonly number[] = [];

export class Log<Entry extends LogEntry> implements Forkable, LogView {
  /** Entries at positions baseIndex + 1 - skipped …; the array may be longer than this log. */
  private items: Entry[];
  /** How many leading items belong to the compacted prefix. */
  private skipped: number;
  /** How many items, the skipped ones included, belong to this log. */
  private end: number;
  /** The last compacted position and its term; 0 and 0 while nothing was compacted. */
  baseIndex: number;
  baseTerm: number;
  /** How often entries were removed at the end. */
  truncations = 0;
  /** The last index after each of the latest truncations. */
  private truncatedTo: readonly number[] = none;
  /** Unique in this process: equal versions mean equal contents. */
  version = ++versions;

  /** The array is the log's own from now on. */
  constructor(entries: Entry[] = [], baseIndex = 0, baseTerm = 0) {
    this.items = entries;
    this.skipped = 0;
    this.end = entries.length;
    this.baseIndex = baseIndex;
    this.baseTerm = baseTerm;
  }

  get firstIndex(): number {
    return this.baseIndex + 1;
  }

  /** The last position, compacted or not; 0 for an empty log. */
  get lastIndex(): number {
    return this.baseIndex + this.end - this.skipped;
  }

  get lastTerm(): number {
    return this.end === this.skipped ? this.baseTerm : (this.items[this.end - 1] as Entry).term;
  }

  /** The term at a position; 0 at position 0; -1 where this log has nothing (left). */
  termAt(index: number): number {
    if (index === this.baseIndex) return this.baseTerm;
    if (index < this.baseIndex || index > this.lastIndex) return -1;
    return (this.items[this.skipped + index - this.baseIndex - 1] as Entry).term;
  }

  /** The entry at a position, or undefined where this log has none (left). */
  at(index: number): Entry | undefined {
    if (index <= this.baseIndex || index > this.lastIndex) return undefined;
    return this.items[this.skipped + index - this.baseIndex - 1];
  }

  /** The entries at positions from..to, both included, as far as present. */
  slice(from: number, to: number): readonly Entry[] {
    const shift = this.skipped - this.baseIndex - 1;
    const first = Math.max(from, this.baseIndex + 1) + shift;
    return this.items.slice(first, Math.min(to, this.lastIndex) + shift + 1);
  }

  append(entry: Entry): void {
    // A longer array belongs to another copy from here on: leave it alone.
    if (this.items.length !== this.end) this.detach();
    this.items.push(entry);
    this.end++;
    this.version = ++versions;
  }

  /** Removes every entry behind `lastIndex`. */
  truncate(lastIndex: number): void {
    if (lastIndex >= this.lastIndex) return;
    this.end = this.skipped + Math.max(0, lastIndex - this.baseIndex);
    this.noteTruncation();
  }

  /** Forgets the entries up to `index`, keeping its term. `index` must be present. */
  compact(index: number): void {
    if (index <= this.baseIndex) return;
    const term = this.termAt(index);
    this.skipped += index - this.baseIndex;
    this.baseIndex = index;
    this.baseTerm = term;
    this.version = ++versions;
    if (this.skipped * 2 > this.items.length) this.detach();
  }

  /** Starts over behind a snapshot. */
  reset(baseIndex: number, baseTerm: number): void {
    this.items = [];
    this.skipped = 0;
    this.end = 0;
    this.baseIndex = baseIndex;
    this.baseTerm = baseTerm;
    this.noteTruncation();
  }

  /** The first position that may have changed since a reader with this cursor looked. */
  firstChange(cursor: LogCursor): number {
    const missed = this.truncations - cursor.truncations;
    let last = cursor.lastIndex;
    if (missed > this.truncatedTo.length) return this.firstIndex;
    for (let i = 1; i <= missed; i++) {
      last = Math.min(last, this.truncatedTo[this.truncatedTo.length - i] as number);
    }
    return Math.max(last + 1, this.firstIndex);
  }

  fork(): Log<Entry> {
    const copy = new Log<Entry>(this.items, this.baseIndex, this.baseTerm);
    copy.skipped = this.skipped;
    copy.end = this.end;
    copy.truncations = this.truncations;
    copy.truncatedTo = this.truncatedTo;
    copy.version = this.version;
    return copy;
  }

  hash(lane: number): number {
    let h = mix(mix(lane, this.baseIndex), this.baseTerm);
    for (let i = this.skipped; i < this.end; i++) h = hashPlain(h, this.items[i], lane);
    return finish(h);
  }

  toPlain(): Plain {
    const { baseIndex, baseTerm } = this;
    const entries = this.items.slice(this.skipped, this.end) as unknown as Plain[];
    return { baseIndex, baseTerm, entries };
  }

  /** A failing disk loses the last entry. */
  damage(): void {
    this.truncate(this.lastIndex - 1);
  }

  private noteTruncation(): void {
    this.truncations++;
    this.truncatedTo = [...this.truncatedTo.slice(1 - REMEMBERED), this.lastIndex];
    this.version = ++versions;
  }

  private detach(): void {
    this.items = this.items.slice(this.skipped, this.end);
    this.skipped = 0;
    this.end = this.items.length;
  }
}
