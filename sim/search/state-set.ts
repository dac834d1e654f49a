/**
 * The states seen so far: 64-bit fingerprints in an open-addressing table over typed arrays, each
 * with its parent and the action that led from there, so that a path can be found again. Collisions
 * are as likely as n² / 2^65 for n states (Stern and Dill, "Improved Probabilistic Verification by
 * Hash Compaction", 1995).
 */
import { assert } from '../engine/assert.ts';

const EMPTY = 0;

export class StateSet {
  /** How many states there are; they are numbered from 0 in the order in which they came. */
  size = 0;
  private highs = new Int32Array(1024);
  private lows = new Int32Array(1024);
  private parents = new Int32Array(1024);
  private choices = new Uint16Array(1024);
  /** State number plus one, or EMPTY; the length is a power of two. */
  private table = new Int32Array(4096);
  /** The number of the state that the last call of `add` was about. */
  last = -1;

  /**
   * True when the state is new. `parent` is the number of the state it was reached from (-1:
   * initial), `choice` the position of the action among the parent's.
   */
  add(high: number, low: number, parent: number, choice: number): boolean {
    const { table, highs, lows } = this;
    const mask = table.length - 1;
    let slot = (low ^ (high << 7)) & mask;
    for (;;) {
      const entry = table[slot] as number;
      if (entry === EMPTY) break;
      if (lows[entry - 1] === low && highs[entry - 1] === high) {
        this.last = entry - 1;
        return false;
      }
      slot = (slot + 1) & mask;
    }
    this.insert(slot, high, low, parent, choice);
    return true;
  }

  /** The choices that lead from an initial state to this one; the first tells which initial one. */
  pathTo(state: number): readonly number[] {
    const path: number[] = [];
    for (let at = state; at >= 0; at = this.parents[at] as number) {
      path.push(this.choices[at] as number);
    }
    return path.reverse();
  }

  private insert(slot: number, high: number, low: number, parent: number, choice: number): void {
    assert(choice <= 0xffff, 'fewer than 65,536 actions are enabled at once');
    if (this.size === this.highs.length) this.growColumns();
    const state = this.size++;
    this.highs[state] = high;
    this.lows[state] = low;
    this.parents[state] = parent;
    this.choices[state] = choice;
    this.table[slot] = state + 1;
    this.last = state;
    if (this.size * 2 > this.table.length) this.growTable();
  }

  private growColumns(): void {
    const length = this.highs.length * 2;
    this.highs = grown(this.highs, new Int32Array(length));
    this.lows = grown(this.lows, new Int32Array(length));
    this.parents = grown(this.parents, new Int32Array(length));
    this.choices = grown(this.choices, new Uint16Array(length));
  }

  private growTable(): void {
    const { highs, lows, size } = this;
    const table = new Int32Array(this.table.length * 2);
    const mask = table.length - 1;
    for (let state = 0; state < size; state++) {
      let slot = ((lows[state] as number) ^ ((highs[state] as number) << 7)) & mask;
      while (table[slot] !== EMPTY) slot = (slot + 1) & mask;
      table[slot] = state + 1;
    }
    this.table = table;
  }
}

function grown<T extends Int32Array | Uint16Array>(old: T, larger: T): T {
  larger.set(old);
  return larger;
}
