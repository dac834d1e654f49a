/** Transfers between accounts: whatever happens, the sum of all balances stays the same. */
import type { Command } from '../../engine/protocol.ts';
import { chance, type Operations } from './operations.ts';

export type BankConfig = {
  readonly kind: 'bank';
  readonly accounts: number;
  /** What each account holds at first. */
  readonly opening: number;
  /** A transfer moves 1 to this much. */
  readonly maxAmount: number;
  /** Reads ask all balances at once. */
  readonly readPercent: number;
};

export const defaultBank: BankConfig = Object.freeze({
  kind: 'bank',
  accounts: 5,
  opening: 100,
  maxAmount: 20,
  readPercent: 50,
});

/** Accounts are a1, a2, …; a transfer never has one account on both sides when there are two. */
export function bankOperations(config: BankConfig): Operations {
  const { opening, maxAmount, readPercent } = config;
  const accounts = Array.from({ length: config.accounts }, (_, i) => `a${i + 1}`);
  const operations: Operations = {
    next(_client, _sequence, choose): Command {
      if (chance(readPercent, choose)) return { type: 'balances', accounts, opening };
      const source = choose(accounts.length);
      const target = (source + 1 + choose(accounts.length - 1)) % accounts.length;
      const [from, to] = [accounts[source], accounts[target]];
      return { type: 'transfer', from, to, amount: choose(maxAmount) + 1, opening };
    },
    fork: () => operations,
  };
  return operations;
}
