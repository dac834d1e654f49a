/** Strings that grow: every read tells the order of all appends before it. */
import type { Command } from '../../engine/protocol.ts';
import { chance, chooseKey, type KeyChoice, type Operations } from './operations.ts';

export type AppendConfig = KeyChoice & {
  readonly kind: 'append';
  readonly readPercent: number;
  /** Of those that are not reads: a put starts the string afresh. */
  readonly putPercent: number;
};

export const defaultAppend: AppendConfig = Object.freeze({
  kind: 'append',
  keys: 5,
  hotKeys: 0,
  hotPercent: 0,
  readPercent: 50,
  putPercent: 0,
});

/** Each word is unique: `c2.7;` is what the second client's seventh operation wrote. */
export function appendOperations(config: AppendConfig): Operations {
  const operations: Operations = {
    next(client, sequence, choose): Command {
      const key = chooseKey(config, choose);
      if (chance(config.readPercent, choose)) return { type: 'get', key };
      const type = chance(config.putPercent, choose) ? 'put' : 'append';
      return { type, key, value: `c${client + 1}.${sequence};` };
    },
    fork: () => operations,
  };
  return operations;
}
