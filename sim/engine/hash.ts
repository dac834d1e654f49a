/** Integer hashing: mixing for draws, structural hashes of plain data, a rolling 64-bit digest. */
import { isForkable } from './clone.ts';

/** Mixes `value` into `hash`: one round of MurmurHash3 (Appleby, 2011). */
export function mix(hash: number, value: number): number {
  let k = Math.imul(value, 0xcc9e2d51);
  k = (k << 15) | (k >>> 17);
  let h = hash ^ Math.imul(k, 0x1b873593);
  h = (h << 13) | (h >>> 19);
  return (Math.imul(h, 5) + 0xe6546b64) | 0;
}

/** MurmurHash3's finalizer: every input bit reaches every output bit. */
export function finish(hash: number): number {
  let h = hash;
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

export function mixString(hash: number, text: string): number {
  let h = mix(hash, text.length);
  for (let i = 0; i < text.length; i++) h = mix(h, text.charCodeAt(i));
  return h;
}

/** Mixes a number by its integer halves; fractions by their thousandths, as clocks have them. */
export function mixNumber(hash: number, value: number): number {
  if ((value | 0) === value) return mix(hash, value);
  const scaled = Number.isInteger(value) ? value : Math.round(value * 1000) + 0.5;
  return mix(mix(hash, scaled | 0), Math.floor(scaled / 0x1_0000_0000) | 0);
}

/**
 * A structural hash of plain data, mixed into `hash`. Fields count in the order in which the object
 * has them: protocols build messages and states by literals, so equal values have equal order.
 * `lane` chooses between the two hashes that forkable values have.
 */
export function hashPlain(hash: number, value: unknown, lane = 0): number {
  switch (typeof value) {
    case 'number':
      return mixNumber(mix(hash, 1), value);
    case 'string':
      return mixString(mix(hash, 2), value);
    case 'boolean':
      return mix(hash, value ? 4 : 3);
    case 'object':
      return value === null ? mix(hash, 5) : hashObject(hash, value, lane);
    default:
      return mix(hash, 6);
  }
}

function hashObject(hash: number, value: object, lane: number): number {
  if (isForkable(value)) return mix(mix(hash, 7), value.hash(lane));
  if (Array.isArray(value)) {
    let h = mix(mix(hash, 8), value.length);
    for (let i = 0; i < value.length; i++) h = hashPlain(h, value[i], lane);
    return h;
  }
  let h = mix(hash, 9);
  for (const field of Object.keys(value)) {
    h = hashPlain(mixString(h, field), (value as Record<string, unknown>)[field], lane);
  }
  return h;
}

/** Eight hexadecimal digits. */
export function hex32(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}
