/**
 * Proposals by slot, with holes and a forgotten beginning. It copies itself cheaply: copies share
 * one array, a new last slot is amortised O(1), and only a change in the middle pays for a copy.
 */
import type { Forkable, Plain } from '../../sim/engine/protocol.ts';
import { finish, hashPlain, mix } from '../../sim/engine/hash.ts';
import { noBallot, type Ballot } from './ballot.ts';
import type { Proposal, SlotProposal } from './messages.ts';

type Item = Proposal | undefined;

/** How many recent changes it remembers for its readers. */
const REMEMBERED = 8;

let versions = 0;
const none: readonly number[] = [];

export class Slots implements Forkable {
  /** Slots base + 1 … last; the array may be longer than that. */
  private items: Item[] = [];
  private length = 0;
  /** Everything up to here is decided and forgotten; `baseOrigin` is of the last value there. */
  base = 0;
  baseOrigin: Ballot = noBallot;
  /** How often a slot was filled, and the latest of them, the newest last. */
  changes = 0;
  private recent: readonly number[] = none;
  /** Unique in this process: equal versions mean equal contents. */
  version = ++versions;
  private hashed: { readonly version: number; readonly lanes: readonly number[] } | null = null;

  /** The highest slot that is filled, or the base. */
  get last(): number {
    return this.base + this.length;
  }

  get(slot: number): Item {
    const at = slot - this.base - 1;
    return at < 0 || at >= this.length ? undefined : this.items[at];
  }

  /** Does nothing for a slot that is forgotten. */
  set(slot: number, proposal: Proposal): void {
    const at = slot - this.base - 1;
    if (at < 0) return;
    // What lies behind the own end belongs to another copy.
    if (at < this.length || this.items.length !== this.length) this.detach();
    while (this.items.length < at) this.items.push(undefined);
    this.items[at] = proposal;
    this.length = Math.max(this.length, at + 1);
    this.changes++;
    this.recent = [...this.recent.slice(1 - REMEMBERED), slot];
    this.version = ++versions;
  }

  /** Leaves a hole. */
  remove(slot: number): void {
    const at = slot - this.base - 1;
    if (at < 0 || at >= this.length) return;
    this.detach();
    this.items[at] = undefined;
    while (this.length > 0 && this.items[this.length - 1] === undefined) this.length--;
    this.items.length = this.length;
    this.version = ++versions;
  }

  /** Forgets everything up to `slot`. */
  truncate(slot: number, origin: Ballot): void {
    if (slot <= this.base) return;
    this.items = this.items.slice(slot - this.base, this.length);
    this.length = this.items.length;
    this.base = slot;
    this.baseOrigin = origin;
    this.version = ++versions;
  }

  /** What is there in slots from..to, both included, the lowest first. */
  range(from: number, to: number): SlotProposal[] {
    const found: SlotProposal[] = [];
    const end = Math.min(to, this.last);
    for (let slot = Math.max(from, this.base + 1); slot <= end; slot++) {
      const proposal = this.get(slot);
      if (proposal !== undefined) found.push({ slot, ...proposal });
    }
    return found;
  }

  /** The slots filled since `changes` was so much; null: too many to say. */
  filledSince(changes: number): readonly number[] | null {
    const missed = this.changes - changes;
    if (missed < 0 || missed > this.recent.length) return null;
    return missed === 0 ? none : this.recent.slice(-missed);
  }

  fork(): Slots {
    const copy = new Slots();
    copy.items = this.items;
    copy.length = this.length;
    copy.base = this.base;
    copy.baseOrigin = this.baseOrigin;
    copy.changes = this.changes;
    copy.recent = this.recent;
    copy.version = this.version;
    copy.hashed = this.hashed;
    return copy;
  }

  hash(lane: number): number {
    if (this.hashed?.version !== this.version) {
      this.hashed = { version: this.version, lanes: [this.computeHash(0), this.computeHash(1)] };
    }
    return this.hashed.lanes[lane] as number; // There are two lanes.
  }

  toPlain(): Plain {
    const slots = this.range(this.base + 1, this.last).map(
      ({ slot, ballot, value }) => [slot, { ballot, value }] as const,
    );
    return { base: this.base, slots: Object.fromEntries(slots) as unknown as Plain };
  }

  /** A failing disk loses the last proposal. */
  damage(): void {
    this.remove(this.last);
  }

  private computeHash(lane: number): number {
    let sum = mix(lane, this.base);
    for (let at = 0; at < this.length; at++) {
      const item = this.items[at];
      if (item === undefined) continue;
      sum = (sum + finish(hashPlain(mix(lane, this.base + at + 1), item, lane))) | 0;
    }
    return sum;
  }

  private detach(): void {
    this.items = this.items.slice(0, this.length);
  }
}
