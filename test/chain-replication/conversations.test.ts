/** The conversations know the paper: each mutant answers at least one of them differently. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { chainMutants } from '../../protocols/chain-replication/mutants.ts';
import { paperRules, type ChainRules } from '../../protocols/chain-replication/rules.ts';
import { answer, ConversationError } from '../golden/conversation.ts';
import { chainDialect } from '../golden/dialects/chain-replication.ts';

const folder = new URL('../golden/chain-replication/', import.meta.url);
const files = readdirSync(folder).map((name) => ({
  name,
  text: readFileSync(new URL(name, folder), 'utf8'),
}));

test.each(chainMutants)('a conversation goes differently with the mutant $id', ({ rules }) => {
  const wrong: ChainRules = { ...paperRules, ...rules };
  expect(files.some(({ name, text }) => isDifferent(text, name, wrong))).toBe(true);
});

/** Whether other rules give other answers, or leave no message where the file expects one. */
function isDifferent(text: string, name: string, rules: ChainRules): boolean {
  try {
    return answer(text, name, { dialect: chainDialect, rules }) !== text;
  } catch (error) {
    if (error instanceof ConversationError) return true;
    throw error;
  }
}
