/** The conversations know the rules: each mutant answers at least one of them differently. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { replicationMutants } from '../../protocols/replication/mutants.ts';
import { paperRules, type ReplicationRules } from '../../protocols/replication/rules.ts';
import { answer, ConversationError } from '../golden/conversation.ts';
import { replicationDialect } from '../golden/dialects/replication.ts';

const folder = new URL('../golden/replication/', import.meta.url);
const files = readdirSync(folder).map((name) => ({
  name,
  text: readFileSync(new URL(name, folder), 'utf8'),
}));

/** Conversations tell that a timer was set, not for how long; and none waits for ten seconds. */
const untold = 'semisync-timeout-fallback';

test.each(replicationMutants.filter(({ id }) => id !== untold))(
  'at least one conversation goes differently with the mutant $id',
  ({ rules }) => {
    const wrong: ReplicationRules = { ...paperRules, ...rules };
    expect(files.some(({ name, text }) => isDifferent(text, name, wrong))).toBe(true);
  },
);

/** Whether other rules give other answers, or leave no message where the file expects one. */
function isDifferent(text: string, name: string, rules: ReplicationRules): boolean {
  try {
    return answer(text, name, { dialect: replicationDialect, rules }) !== text;
  } catch (error) {
    if (error instanceof ConversationError) return true;
    throw error;
  }
}
