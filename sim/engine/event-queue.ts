/**
 * A priority queue of events by (time, insertion), as a binary heap over one packed number:
 * (time - base) * 2^20 + sequence. Equal times leave in the order in which they came in.
 */
import { assert } from './assert.ts';

const SEQUENCES = 0x100000;
const SPAN = 0x200000000;

export class EventQueue {
  private keys: Float64Array;
  private slots: Int32Array;
  private length = 0;
  private base = 0;
  private sequence = 0;

  constructor(capacity = 256) {
    this.keys = new Float64Array(capacity);
    this.slots = new Int32Array(capacity);
  }

  get size(): number {
    return this.length;
  }

  /** The time of the earliest entry, in microseconds; the queue must not be empty. */
  get nextTime(): number {
    return this.base + Math.floor((this.keys[0] as number) / SEQUENCES);
  }

  /** The slot of the earliest entry; the queue must not be empty. */
  get nextSlot(): number {
    return this.slots[0] as number;
  }

  /** `at` in microseconds (before the base counts as the base); `slot` any 32-bit integer. */
  push(at: number, slot: number): void {
    if (this.sequence === SEQUENCES || at - this.base >= SPAN) this.renumber();
    if (this.length === this.keys.length) this.grow();
    assert(at - this.base < SPAN, 'an event lies within 2.3 hours of the next');
    const key = Math.max(0, at - this.base) * SEQUENCES + this.sequence++;
    const { keys, slots } = this;
    let i = this.length++;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const parentKey = keys[parent] as number;
      if (parentKey <= key) break;
      keys[i] = parentKey;
      slots[i] = slots[parent] as number;
      i = parent;
    }
    keys[i] = key;
    slots[i] = slot;
  }

  /** Removes the earliest entry and returns its slot; the queue must not be empty. */
  pop(): number {
    const { keys, slots } = this;
    const top = slots[0] as number;
    const n = --this.length;
    if (n > 0) {
      const key = keys[n] as number;
      const slot = slots[n] as number;
      const half = n >> 1;
      let i = 0;
      while (i < half) {
        let child = 2 * i + 1;
        if (child + 1 < n && (keys[child + 1] as number) < (keys[child] as number)) child++;
        const childKey = keys[child] as number;
        if (childKey >= key) break;
        keys[i] = childKey;
        slots[i] = slots[child] as number;
        i = child;
      }
      keys[i] = key;
      slots[i] = slot;
    }
    return top;
  }

  fork(): EventQueue {
    const copy = new EventQueue(0);
    copy.keys = this.keys.slice();
    copy.slots = this.slots.slice();
    copy.length = this.length;
    copy.base = this.base;
    copy.sequence = this.sequence;
    return copy;
  }

  private grow(): void {
    const keys = new Float64Array(this.keys.length * 2 + 16);
    keys.set(this.keys);
    this.keys = keys;
    const slots = new Int32Array(this.slots.length * 2 + 16);
    slots.set(this.slots);
    this.slots = slots;
  }

  /** Starts the sequence numbers and the base afresh; the order stays. */
  private renumber(): void {
    const order = Array.from({ length: this.length }, (_, i) => i);
    order.sort((a, b) => (this.keys[a] as number) - (this.keys[b] as number));
    const oldKeys = this.keys.slice(0, this.length);
    const oldSlots = this.slots.slice(0, this.length);
    const oldBase = this.base;
    const timeOf = (i: number) => oldBase + Math.floor((oldKeys[i] as number) / SEQUENCES);
    if (this.length > 0) this.base = timeOf(order[0] as number);
    // A sorted array is a heap already.
    order.forEach((from, to) => {
      this.keys[to] = (timeOf(from) - this.base) * SEQUENCES + to;
      this.slots[to] = oldSlots[from] as number;
    });
    this.sequence = this.length;
    assert(this.sequence < SEQUENCES, 'fewer than a million events are pending at once');
  }
}
