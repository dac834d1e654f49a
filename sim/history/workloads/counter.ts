/** Counters: an addition that is lost, or counted twice, shows in the sum. */
import type { Command } from '../../engine/protocol.ts';
import { chance, chooseKey, type KeyChoice, type Operations } from './operations.ts';

export type CounterConfig = KeyChoice & {
  readonly kind: 'counter';
  readonly readPercent: number;
  /** Additions are of 1 to this. */
  readonly maxStep: number;
};

export const defaultCounter: CounterConfig = Object.freeze({
  kind: 'counter',
  keys: 1,
  hotKeys: 0,
  hotPercent: 0,
  readPercent: 50,
  maxStep: 1,
});

export function counterOperations(config: CounterConfig): Operations {
  const operations: Operations = {
    next(_client, _sequence, choose): Command {
      const key = chooseKey(config, choose);
      if (chance(config.readPercent, choose)) return { type: 'get', key };
      return { type: 'add', key, by: choose(config.maxStep) + 1 };
    },
    fork: () => operations,
  };
  return operations;
}
