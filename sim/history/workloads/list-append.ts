/**
 * Transactions that read lists and append unique values to them: a read reveals the order of all
 * writes of its key, from which every anomaly can be inferred (Kingsbury and Alvaro, "Elle", 2020).
 */
import type { Command } from '../../engine/protocol.ts';
import { chance, keyName, uniqueNumber, type Operations } from './operations.ts';

export type ListAppendConfig = {
  readonly kind: 'list-append';
  /** Lists in use at any one time. */
  readonly keys: number;
  /** A transaction has 1 to this many steps. */
  readonly maxSteps: number;
  /** Of the steps. */
  readonly readPercent: number;
  /** After so many transactions a client turns to new lists, so that they stay short. */
  readonly renewAfter: number;
};

export const defaultListAppend: ListAppendConfig = Object.freeze({
  kind: 'list-append',
  keys: 3,
  maxSteps: 4,
  readPercent: 50,
  renewAfter: 20,
});

export function listAppendOperations(config: ListAppendConfig, clients: number): Operations {
  const { keys, maxSteps, readPercent, renewAfter } = config;
  const operations: Operations = {
    next(client, sequence, choose): Command {
      const firstKey = Math.floor((sequence - 1) / renewAfter) * keys;
      const firstValue = (uniqueNumber(clients, client, sequence) - 1) * maxSteps + 1;
      const ops = Array.from({ length: choose(maxSteps) + 1 }, (_, step) => {
        const key = keyName(firstKey + choose(keys));
        return chance(readPercent, choose) ? ['r', key, null] : ['append', key, firstValue + step];
      });
      return { type: 'txn', ops };
    },
    fork: () => operations,
  };
  return operations;
}
