/** Fingerprints of the states of a world: the same for all states that a renaming makes equal. */
import { finish, mix } from '../engine/hash.ts';
import type { Fingerprint } from './model.ts';
import type { Front, Fronts } from './world-fronts.ts';
import type { MessagePart, Parts } from './world-parts.ts';

export class WorldPrint {
  private readonly fronts: Fronts;
  private readonly parts: Parts;
  private readonly symmetric: boolean;
  /** Where messages begin in a state; before them are the front and the counters. */
  private readonly base: number;
  private readonly keys: Int32Array;

  constructor(fronts: Fronts, symmetric: boolean, base: number) {
    this.fronts = fronts;
    this.parts = fronts.parts;
    this.symmetric = symmetric;
    this.base = base;
    this.keys = new Int32Array(fronts.world.nodeIds.length);
  }

  of(state: readonly number[], front: Front, into: Fingerprint): void {
    let counters = 0x510e527f;
    for (let i = 1; i < this.base; i++) counters = mix(counters, state[i] as number);
    let low = 0;
    let high = 0;
    if (this.symmetric) {
      const candidates = this.parts.renamings.sorting(this.keysOf(state, front));
      for (let i = 0; i < candidates.length; i++) {
        const renaming = candidates[i] as number;
        const otherLow = this.low(state, front, renaming);
        if (i > 0 && otherLow > low) continue;
        const otherHigh = this.high(state, front, renaming);
        if (i > 0 && otherLow === low && otherHigh >= high) continue;
        low = otherLow;
        high = otherHigh;
      }
    } else {
      low = this.low(state, front, 0);
      high = this.high(state, front, 0);
    }
    into.low = finish(low + counters);
    into.high = finish(high + counters);
  }

  /** Messages are a multiset: their hashes add up. */
  private low(state: readonly number[], front: Front, renaming: number): number {
    const { parts } = this;
    let sum = this.fronts.low(front, renaming);
    for (let i = this.base; i < state.length; i++) {
      const message = parts.messages[state[i] as number] as MessagePart;
      sum = (sum + (message.lows[renaming] ?? parts.messageLow(message, renaming))) | 0;
    }
    return sum;
  }

  private high(state: readonly number[], front: Front, renaming: number): number {
    const { parts } = this;
    let sum = this.fronts.high(front, renaming);
    for (let i = this.base; i < state.length; i++) {
      const message = parts.messages[state[i] as number] as MessagePart;
      sum = (sum + (message.highs[renaming] ?? parts.messageHigh(message, renaming))) | 0;
    }
    return sum;
  }

  /** A number for each node that no renaming changes: by what it is, gets and has sent. */
  private keysOf(state: readonly number[], front: Front): Int32Array {
    const { keys, parts } = this;
    for (let i = 0; i < keys.length; i++) keys[i] = front.nodes[i]?.invariant ?? 0;
    for (let i = this.base; i < state.length; i++) {
      const { to, from, invariant } = parts.messages[state[i] as number] as MessagePart;
      keys[to] = (keys[to] as number) + finish(invariant ^ 0x3c6ef372);
      keys[from] = (keys[from] as number) + finish(invariant ^ 0x1f83d9ab);
    }
    return keys;
  }
}
