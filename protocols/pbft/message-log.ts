/**
 * The message log (§4.2): what a replica has received and sent for each sequence number between
 * the watermarks. Copies share it until one of them changes it; slots are replaced, never changed.
 */
import { finish, hashPlain, mix } from '../../sim/engine/hash.ts';
import type { Forkable, Plain } from '../../sim/engine/protocol.ts';
import type { Batch, Commit, OrderHeader, Prepare, PreparedCertificate } from './messages.ts';

/** What is known of one sequence number. Immutable. */
export type Slot = {
  readonly sequence: number;
  /** The pre-prepare accepted in the current view. */
  readonly prePrepare: OrderHeader | null;
  /** Its requests; null while only their digest is known. */
  readonly batch: Batch | null;
  /** Votes of the current view, whatever their digest. */
  readonly prepares: readonly Prepare[];
  readonly commits: readonly Commit[];
  /** prepared(m, v, n, i) and committed-local(m, v, n, i) of §4.2, in the current view. */
  readonly isPrepared: boolean;
  readonly isCommitted: boolean;
  /** The latest certificate of any view, with its requests: what P reports in a view change. */
  readonly certificate: PreparedCertificate | null;
  readonly certified: Batch | null;
};

export function emptySlot(sequence: number): Slot {
  return {
    sequence,
    prePrepare: null,
    batch: null,
    prepares: [],
    commits: [],
    isPrepared: false,
    isCommitted: false,
    certificate: null,
    certified: null,
  };
}

let versions = 0;

export class MessageLog implements Forkable {
  /** Unique in this process: equal versions mean equal contents. */
  version = ++versions;
  private slots = new Map<number, Slot>();
  /** True while another copy may hold the same content. */
  private isShared = false;
  private hashed: { readonly version: number; readonly lanes: readonly number[] } | null = null;

  get(sequence: number): Slot | undefined {
    return this.slots.get(sequence);
  }

  set(slot: Slot): void {
    this.own();
    this.slots.set(slot.sequence, Object.freeze(slot));
    this.version = ++versions;
  }

  /** The highest sequence number of which anything is known; 0 when nothing is. */
  get last(): number {
    let last = 0;
    for (const sequence of this.slots.keys()) if (sequence > last) last = sequence;
    return last;
  }

  /** Ordered by sequence number. */
  list(): Slot[] {
    return [...this.slots.values()].sort((a, b) => a.sequence - b.sequence);
  }

  /** Calls `visit` for every slot, in no particular order. */
  each(visit: (slot: Slot) => void): void {
    for (const slot of this.slots.values()) visit(slot);
  }

  /** Garbage collection (§4.3). */
  discardUpTo(sequence: number): void {
    this.own();
    for (const key of this.slots.keys()) if (key <= sequence) this.slots.delete(key);
    this.version = ++versions;
  }

  discard(sequence: number): void {
    this.own();
    this.slots.delete(sequence);
    this.version = ++versions;
  }

  fork(): MessageLog {
    const copy = new MessageLog();
    copy.slots = this.slots;
    copy.version = this.version;
    copy.hashed = this.hashed;
    copy.isShared = true;
    this.isShared = true;
    return copy;
  }

  hash(lane: number): number {
    if (this.hashed?.version !== this.version) {
      this.hashed = { version: this.version, lanes: [this.sum(0), this.sum(1)] };
    }
    return this.hashed.lanes[lane] as number; // There are two lanes.
  }

  toPlain(): Plain {
    return this.list() as unknown as Plain;
  }

  private sum(lane: number): number {
    let sum = 0;
    for (const slot of this.slots.values()) {
      sum = (sum + finish(hashPlain(mix(lane, 4), slot, lane))) | 0;
    }
    return sum;
  }

  private own(): void {
    if (!this.isShared) return;
    this.slots = new Map(this.slots);
    this.isShared = false;
  }
}
