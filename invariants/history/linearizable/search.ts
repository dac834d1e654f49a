/** Wing and Gong's search with Lowe's memo, over integers: linearizability of one partition. */
import { at, item } from '../arrays.ts';
import type { Foresight } from '../model.ts';
import { Memo } from './memo.ts';
import type { Partition } from './partition.ts';
import { type Transitions, impossible } from './transitions.ts';

/** What a stretch of searching came to. */
export type Progress = 'valid' | 'invalid' | 'searching';

/**
 * A resumable depth-first search for an order of the operations that the model accepts. A
 * configuration is (completed operations taken, crashed ones taken, state). Sources: Wing and Gong
 * 1993; Lowe 2017; the reductions R1–R5 are argued in the README.
 */
export class Search {
  configurations = 0;
  /** The position of the latest return that some configuration was waiting for. */
  deepest = 0;
  private readonly partition: Partition;
  private readonly transitions: Transitions;
  private readonly foresight: Foresight<unknown> | null;
  private readonly memo: Memo;
  private readonly count: number;
  private readonly end: number;
  /** Events still in the history: 0 head, 1 … n calls, n+1 … 2n returns, 2n+1 end. */
  private readonly next: Int32Array;
  private readonly previous: Int32Array;
  /** Bits of the completed operations taken, by call order. */
  private readonly done: Int32Array;
  private readonly key: Int32Array;
  /** How many of each class of crashed operations were taken. */
  private readonly usedUp: Int32Array;
  /** Operations taken, in order. */
  private readonly trail: Int32Array;
  private trailLength = 0;
  private depth = 0;
  // Per frame: state, trail length on entry, next call to try, next crashed class, bit window.
  private readonly states: Int32Array;
  private readonly trailStarts: Int32Array;
  private readonly cursors: Int32Array;
  private readonly classCursors: Int32Array;
  private readonly lowest: Int32Array;
  private readonly highest: Int32Array;
  private isOver: Progress = 'searching';

  constructor(partition: Partition) {
    this.partition = partition;
    this.transitions = partition.transitions;
    this.foresight = partition.foresight;
    const n = partition.completedCount;
    this.count = n;
    this.end = 2 * n + 1;
    this.memo = new Memo(partition.crashed.length);
    this.next = new Int32Array(2 * n + 2);
    this.previous = new Int32Array(2 * n + 2);
    this.done = new Int32Array((n >>> 5) + 2);
    this.key = new Int32Array((n >>> 5) + 4);
    this.usedUp = new Int32Array(partition.crashed.length);
    const total = partition.positions.length;
    this.trail = new Int32Array(total + 1);
    const frame = (): Int32Array => new Int32Array(total + 2);
    this.states = frame();
    this.trailStarts = frame();
    this.cursors = frame();
    this.classCursors = frame();
    this.lowest = frame();
    this.highest = frame();
    this.highest[0] = -1;
    this.linkEvents();
    const initial = this.transitions.states[0];
    if (this.foresight?.isDead(initial, initial, -1)) this.isOver = 'invalid';
    else if (!this.enter()) this.leave();
  }

  /** Searches on until `limit` configurations have been explored in all. */
  run(limit: number): Progress {
    while (this.isOver === 'searching' && this.configurations < limit) {
      if (this.advance()) {
        if (!this.enter()) this.leave();
      } else this.leave();
    }
    return this.isOver;
  }

  /** The order found, as operations of the partition. */
  witness(): number[] {
    return Array.from(this.trail.subarray(0, this.trailLength));
  }

  private linkEvents(): void {
    const { partition, count, next, previous } = this;
    const returns = Int32Array.from({ length: count }, (_, operation) => operation);
    const returnOf = partition.return;
    returns.sort((a, b) => at(returnOf, a) - at(returnOf, b));
    let last = 0;
    const append = (entry: number): void => {
      next[last] = entry;
      previous[entry] = last;
      last = entry;
    };
    let returned = 0;
    for (let operation = 0; operation < count; operation += 1) {
      const call = at(partition.call, operation);
      for (; at(returnOf, at(returns, returned)) < call; returned += 1) {
        append(count + 1 + at(returns, returned));
      }
      append(operation + 1);
    }
    for (; returned < count; returned += 1) append(count + 1 + at(returns, returned));
    append(this.end);
  }

  /** Opens the configuration just reached; false when it was met before (or all is done). */
  private enter(): boolean {
    const frame = this.depth;
    const state = at(this.states, frame);
    this.trailStarts[frame] = this.trailLength;
    this.takePure(state);
    const first = at(this.next, 0);
    if (first === this.end) {
      this.isOver = 'valid';
      return true;
    }
    this.cursors[frame] = first;
    this.classCursors[frame] = 0;
    const length = this.makeKey(frame, state);
    if (!this.memo.add(this.key, length, this.usedUp)) return false;
    this.configurations += 1;
    return true;
  }

  /** R2: whatever never changes a state is taken as soon as it can be. One pass suffices. */
  private takePure(state: number): void {
    const { count, next, previous, partition } = this;
    for (let entry = at(next, 0); entry <= count; entry = at(next, entry)) {
      const operation = entry - 1;
      if (partition.pure[operation] !== 1) continue;
      if (this.transitions.next(state, at(partition.classOf, operation)) === impossible) continue;
      const before = at(previous, entry);
      this.take(operation);
      entry = before;
    }
  }

  /** Takes the next operation that is possible here; false when none is left. */
  private advance(): boolean {
    const { count, partition, depth } = this;
    const state = at(this.states, depth);
    let entry = at(this.cursors, depth);
    for (; entry <= count; entry = at(this.next, entry)) {
      const operation = entry - 1;
      if (partition.pure[operation] === 1) continue;
      const after = this.transitions.next(state, at(partition.classOf, operation));
      if (after === impossible || this.isDead(state, after, operation)) continue;
      this.cursors[depth] = at(this.next, entry);
      this.push(operation, after);
      return true;
    }
    this.cursors[depth] = entry;
    return this.advanceCrashed(state, at(partition.return, entry - count - 1));
  }

  /** R1: a crashed operation is taken only if it changes the state; R3: in call order. */
  private advanceCrashed(state: number, firstReturn: number): boolean {
    const { partition, depth, usedUp } = this;
    if (firstReturn > this.deepest) this.deepest = firstReturn;
    for (let group = at(this.classCursors, depth); group < usedUp.length; group += 1) {
      const members = item(partition.crashed, group);
      if (at(partition.call, at(members, 0)) > firstReturn) break;
      const used = at(usedUp, group);
      if (used === members.length) continue;
      const operation = at(members, used);
      if (at(partition.call, operation) > firstReturn) continue;
      const after = this.transitions.next(state, at(partition.classOf, operation));
      if (after === impossible || after === state) continue;
      if (this.isDead(state, after, operation)) continue;
      this.classCursors[depth] = group + 1;
      this.push(operation, after);
      return true;
    }
    return false;
  }

  private isDead(state: number, after: number, operation: number): boolean {
    if (this.foresight === null) return false;
    const { states } = this.transitions;
    return this.foresight.isDead(states[state], states[after], operation);
  }

  /** Takes an operation into a new frame. */
  private push(operation: number, state: number): void {
    const parent = this.depth;
    this.depth += 1;
    this.states[this.depth] = state;
    this.lowest[this.depth] = at(this.lowest, parent);
    this.highest[this.depth] = at(this.highest, parent);
    this.take(operation);
  }

  /** Gives up the frame on top and whatever was taken to reach it. */
  private leave(): void {
    const start = at(this.trailStarts, this.depth);
    while (this.trailLength > start) this.undo();
    if (this.depth === 0) {
      if (this.isOver === 'searching') this.isOver = 'invalid';
      return;
    }
    this.depth -= 1;
    this.undo();
  }

  private take(operation: number): void {
    this.trail[this.trailLength] = operation;
    this.trailLength += 1;
    this.foresight?.take(operation);
    if (operation >= this.count) {
      const group = this.groupOf(operation);
      this.usedUp[group] = at(this.usedUp, group) + 1;
      return;
    }
    this.unlink(operation + 1);
    this.unlink(this.count + 1 + operation);
    const word = operation >>> 5;
    this.done[word] = at(this.done, word) | (1 << (operation & 31));
    if (operation > at(this.highest, this.depth)) this.highest[this.depth] = operation;
  }

  private undo(): void {
    this.trailLength -= 1;
    const operation = at(this.trail, this.trailLength);
    this.foresight?.undo(operation);
    if (operation >= this.count) {
      const group = this.groupOf(operation);
      this.usedUp[group] = at(this.usedUp, group) - 1;
      return;
    }
    this.relink(this.count + 1 + operation);
    this.relink(operation + 1);
    const word = operation >>> 5;
    this.done[word] = at(this.done, word) & ~(1 << (operation & 31));
  }

  private groupOf(operation: number): number {
    return at(this.partition.groupOf, operation - this.count);
  }

  private unlink(entry: number): void {
    const [before, after] = [at(this.previous, entry), at(this.next, entry)];
    this.next[before] = after;
    this.previous[after] = before;
  }

  private relink(entry: number): void {
    this.next[at(this.previous, entry)] = entry;
    this.previous[at(this.next, entry)] = entry;
  }

  /**
   * The key of a configuration: state, first operation not taken, and the bits from there to the
   * last one taken. Calls between them overlap, so the window stays as narrow as the concurrency.
   */
  private makeKey(frame: number, state: number): number {
    const { done, key } = this;
    let low = at(this.lowest, frame);
    while (low < this.count && ((at(done, low >>> 5) >>> (low & 31)) & 1) === 1) low += 1;
    this.lowest[frame] = low;
    key[0] = state;
    key[1] = low;
    const shift = low & 31;
    const last = at(this.highest, frame) >> 5;
    let length = 2;
    for (let word = low >>> 5; word <= last; word += 1) {
      const below = at(done, word) >>> shift;
      key[length] = shift === 0 ? below : below | (at(done, word + 1) << (32 - shift));
      length += 1;
    }
    while (length > 2 && at(key, length - 1) === 0) length -= 1;
    return length;
  }
}
