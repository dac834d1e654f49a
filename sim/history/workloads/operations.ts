/** What a mix of operations is, and the drawing of keys and values that the mixes share. */
import type { Command, Completion } from '../../engine/protocol.ts';

/** A uniform draw from [0, bound). */
export type Choose = (bound: number) => number;

/** Decides what clients ask, one operation after the other. */
export interface Operations {
  /** `client` counts from 0, `sequence` from 1. */
  next(client: number, sequence: number, choose: Choose): Command;
  /** For mixes that react to answers. */
  ended?(client: number, command: Command, completion: Completion): void;
  /** A 32-bit hash of the memory, if there is one. */
  hash?(lane: number): number;
  /** Mixes without a memory return themselves. */
  fork(): Operations;
}

/** Keys are k1, k2, …; the first `hotKeys` of them get `hotPercent` of the operations. */
export type KeyChoice = {
  readonly keys: number;
  readonly hotKeys: number;
  readonly hotPercent: number;
};

export const oneKey: KeyChoice = Object.freeze({ keys: 1, hotKeys: 0, hotPercent: 0 });

export function chooseKey({ keys, hotKeys, hotPercent }: KeyChoice, choose: Choose): string {
  const hot = Math.min(hotKeys, keys);
  const isHot = hot > 0 && (hot === keys || chance(hotPercent, choose));
  return keyName(isHot ? choose(hot) : hot + choose(keys - hot));
}

export function keyName(index: number): string {
  return `k${index + 1}`;
}

/** True in `percent` of a hundred cases; certain cases draw nothing. */
export function chance(percent: number, choose: Choose): boolean {
  return percent > 0 && (percent >= 100 || choose(100) < percent);
}

/** An integer from 1 on that no other client and no other operation gets. */
export function uniqueNumber(clients: number, client: number, sequence: number): number {
  return (sequence - 1) * clients + client + 1;
}
