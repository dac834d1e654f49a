/** The set of configurations a search has been in: the memo is the checker. */
import { at, doubled } from '../arrays.ts';

/**
 * Exact keys of integers in one growing arena, found by open addressing; full keys are compared, so
 * a collision of hashes is never a wrong verdict. Each key holds an antichain of vectors: what the
 * configuration had used up of every class of crashed operations. One that used a superset of
 * another's can do nothing the other cannot (R5, dominance).
 */
export class Memo {
  private slots = new Int32Array(128);
  private entryCount = 0;
  /** Per entry: hash, start of its key, length of its key, first vector (0: none). */
  private entries = new Int32Array(4 * 64);
  private keys = new Int32Array(512);
  private keysUsed = 0;
  /** Per vector: the next one of the same key (0: none), then its counts. */
  private vectors: Int32Array;
  private vectorsUsed: number;
  private readonly width: number;

  /** @param width how many counts a vector has; 0 makes it a plain set of keys. */
  constructor(width: number) {
    this.width = width;
    this.vectorsUsed = 1;
    this.vectors = new Int32Array(width === 0 ? 1 : 1 + 32 * (1 + width));
  }

  /** Adds a configuration; false when it, or one that dominates it, is there already. */
  add(key: Int32Array, length: number, counts: Int32Array): boolean {
    const hash = hashOf(key, length);
    const mask = this.slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const entry = at(this.slots, slot) - 1;
      if (entry < 0) break;
      if (this.matches(entry, hash, key, length)) {
        return this.width > 0 && this.addVector(entry, counts);
      }
      slot = (slot + 1) & mask;
    }
    const entry = this.addEntry(hash, key, length);
    this.slots[slot] = entry + 1;
    if (this.entryCount * 2 > this.slots.length) this.growSlots();
    if (this.width > 0) this.addVector(entry, counts);
    return true;
  }

  private matches(entry: number, hash: number, key: Int32Array, length: number): boolean {
    const cell = 4 * entry;
    if (at(this.entries, cell) !== hash || at(this.entries, cell + 2) !== length) return false;
    const start = at(this.entries, cell + 1);
    for (let i = 0; i < length; i += 1) {
      if (at(this.keys, start + i) !== at(key, i)) return false;
    }
    return true;
  }

  private addEntry(hash: number, key: Int32Array, length: number): number {
    const cell = 4 * this.entryCount;
    if (cell + 4 > this.entries.length) this.entries = doubled(this.entries);
    while (this.keysUsed + length > this.keys.length) this.keys = doubled(this.keys);
    this.entries[cell] = hash;
    this.entries[cell + 1] = this.keysUsed;
    this.entries[cell + 2] = length;
    for (let i = 0; i < length; i += 1) this.keys[this.keysUsed + i] = at(key, i);
    this.keysUsed += length;
    this.entryCount += 1;
    return this.entryCount - 1;
  }

  private addVector(entry: number, counts: Int32Array): boolean {
    const { vectors, width } = this;
    for (let node = at(this.entries, 4 * entry + 3); node !== 0; node = at(vectors, node)) {
      let i = 0;
      while (i < width && at(vectors, node + 1 + i) <= at(counts, i)) i += 1;
      if (i === width) return false;
    }
    if (this.vectorsUsed + 1 + width > vectors.length) this.vectors = doubled(vectors);
    const node = this.vectorsUsed;
    this.vectors[node] = at(this.entries, 4 * entry + 3);
    for (let i = 0; i < width; i += 1) this.vectors[node + 1 + i] = at(counts, i);
    this.entries[4 * entry + 3] = node;
    this.vectorsUsed += 1 + width;
    return true;
  }

  private growSlots(): void {
    const mask = 2 * this.slots.length - 1;
    this.slots = new Int32Array(2 * this.slots.length);
    for (let entry = 0; entry < this.entryCount; entry += 1) {
      let slot = at(this.entries, 4 * entry) & mask;
      while (at(this.slots, slot) !== 0) slot = (slot + 1) & mask;
      this.slots[slot] = entry + 1;
    }
  }
}

function hashOf(key: Int32Array, length: number): number {
  let hash = length;
  for (let i = 0; i < length; i += 1) {
    hash = Math.imul(hash ^ at(key, i), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  return Math.imul(hash ^ (hash >>> 13), 0x85ebca6b);
}
