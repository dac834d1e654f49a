/** Positions of keys and of nodes: 32-bit hashes, the same on every machine. */
import { finish, mix, mixString } from '../../sim/engine/hash.ts';

/** Keys and nodes hash apart, so that a node is not placed on a key of its own name. */
const KEYS = 0x6b657973;
const NODES = 0x6e6f6465;

/** An integer in [0, 2^32). */
export function hashOfKey(key: string): number {
  return finish(mixString(KEYS, key)) >>> 0;
}

/** An integer in [0, 2^32) for the n-th place of a node. */
export function hashOfPlace(node: string, place: number): number {
  return finish(mix(mixString(NODES, node), place)) >>> 0;
}

/** An integer in [0, 2^32) for a node and a key, given by its hash, together. */
export function hashOfPair(node: string, keyHash: number): number {
  return finish(mix(mixString(NODES, node), keyHash)) >>> 0;
}
