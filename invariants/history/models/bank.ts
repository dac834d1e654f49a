/** Accounts with transfers between them; the sum of all balances never changes. */
import type { BankInput, BankOutput } from '../../../sim/history/vocabulary.ts';
import { type Model, show } from '../model.ts';

type Balances = { readonly [account: string]: number };

/** A transfer happens exactly when the money suffices. Untouched accounts hold `opening`. */
export function bank(): Model<Balances, BankInput, BankOutput> {
  return {
    name: 'bank',
    initial: {},
    step(state, input, output) {
      const balance = (account: string): number => state[account] ?? input.opening;
      if (input.type === 'balances') {
        const told = output as Balances | undefined;
        const agrees = input.accounts.every((account) => told?.[account] === balance(account));
        return told === undefined || agrees ? state : null;
      }
      const { from, to, amount } = input;
      const suffices = balance(from) >= amount;
      const told = output as { readonly transferred?: boolean } | undefined;
      if (told?.transferred !== undefined && told.transferred !== suffices) return null;
      if (!suffices || from === to) return state;
      return { ...state, [from]: balance(from) - amount, [to]: balance(to) + amount };
    },
    isPure: (input, output) =>
      input.type === 'balances' ||
      (output !== undefined && 'transferred' in output && output.transferred === false),
    describe(input, output) {
      const answer = output === undefined ? '?' : show(output);
      if (input.type === 'balances') return `balances → ${answer}`;
      return `transfer ${input.amount} from ${input.from} to ${input.to} → ${answer}`;
    },
  };
}
