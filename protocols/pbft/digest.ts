/**
 * Digests (§3): 64 bits of a structural hash. The model takes them for collision-free, as the paper
 * does; no adversary here computes collisions.
 */
import { finish, hashPlain, hex32, mixString } from '../../sim/engine/hash.ts';
import type { Batch } from './messages.ts';

/** The digest of a null request (§4.4). */
export const nullDigest = 'null';

/** What a batch asks for, in order; signatures do not count. */
export function digestOf(batch: Batch): string {
  if (batch.length === 0) return nullDigest;
  return textOf((seed) => {
    let hash = seed;
    for (const { client, sequence, command } of batch) {
      hash = hashPlain(hashPlain(mixString(hash, client), sequence), command);
    }
    return hash;
  });
}

/** The digest of a state: plain data. */
export function digestOfState(snapshot: unknown): string {
  return textOf((seed) => hashPlain(seed, snapshot));
}

function textOf(hash: (seed: number) => number): string {
  return hex32(finish(hash(0x5eed))) + hex32(finish(hash(0xd16e57)));
}
