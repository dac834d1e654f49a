/** Jump consistent hashing (Lamping, Veach 2014): no memory, but nodes only come and go last. */
import { finish, mix } from '../../sim/engine/hash.ts';
import { hashOfKey } from './hashing.ts';

/** 2862933555777941757, the paper's multiplier of a 64-bit linear congruential generator. */
const MULTIPLIER_HIGH = 0x27bb2ee6;
const MULTIPLIER_LOW = 0x87b0b0fd;

/**
 * The bucket in [0, buckets) of a 64-bit key, given by its halves: the paper's Figure 1. When
 * `buckets` grows by one, a key stays or moves to the new bucket. 0 when there are none.
 */
export function jumpHash(keyHigh: number, keyLow: number, buckets: number): number {
  let high = keyHigh >>> 0;
  let low = keyLow >>> 0;
  let bucket = 0;
  for (let next = 0; next < buckets;) {
    bucket = next;
    const carry = highProduct(low, MULTIPLIER_LOW);
    high = (carry + Math.imul(high, MULTIPLIER_LOW) + Math.imul(low, MULTIPLIER_HIGH)) >>> 0;
    low = Math.imul(low, MULTIPLIER_LOW) >>> 0;
    // The generator adds 1, which only an all-ones half carries on.
    low = (low + 1) >>> 0;
    if (low === 0) high = (high + 1) >>> 0;
    next = Math.floor((bucket + 1) * (0x8000_0000 / ((high >>> 1) + 1)));
  }
  return bucket;
}

/** The upper 32 bits of the product of two 32-bit integers, by halves. */
function highProduct(a: number, b: number): number {
  const [aHigh, aLow] = [a >>> 16, a & 0xffff];
  const [bHigh, bLow] = [b >>> 16, b & 0xffff];
  const low = aLow * bLow;
  const middle = aHigh * bLow + (low >>> 16);
  const other = aLow * bHigh + (middle & 0xffff);
  return (aHigh * bHigh + Math.floor(middle / 0x10000) + (other >>> 16)) >>> 0;
}

/** Nodes in a list; keys fall on its places. */
export class JumpHash {
  private readonly members: string[] = [];

  get nodes(): readonly string[] {
    return this.members;
  }

  addNode(node: string): void {
    if (!this.members.includes(node)) this.members.push(node);
  }

  /**
   * Removes a node. Only the last one leaves cheaply: in the place of another one comes the last,
   * so that the keys of both move.
   */
  removeNode(node: string): void {
    const at = this.members.indexOf(node);
    const last = this.members.pop();
    if (at >= 0 && at < this.members.length && last !== undefined) this.members[at] = last;
    else if (at < 0 && last !== undefined) this.members.push(last);
  }

  /** The owner of a key; null when there is no node. O(log nodes). */
  getNode(key: string): string | null {
    const hash = hashOfKey(key);
    return this.members[jumpHash(finish(mix(hash, 1)), hash, this.members.length)] ?? null;
  }
}
