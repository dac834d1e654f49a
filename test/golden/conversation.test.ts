/** The runner of golden conversations: what it says of wrong files and of wrong protocols. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { electionSafety } from '../../invariants/raft/election-safety.ts';
import { raftMutants } from '../../protocols/raft/mutants/index.ts';
import { paperRules, type RaftRules } from '../../protocols/raft/rules.ts';
import { answer as answerIn, ConversationError, titleOf } from './conversation.ts';
import { raftDialect } from './dialects/raft.ts';

const folder = new URL('./raft/', import.meta.url);
const files = readdirSync(folder).map((name) => ({
  name,
  text: readFileSync(new URL(name, folder), 'utf8'),
}));

/** Conversations tell that a timer was set, not for how long. */
const untold = 'fixed-timeout';

/** What a cluster of Raft answers. */
function answer(text: string, file: string, settings: object = {}): string {
  return answerIn(text, file, { dialect: raftDialect, ...settings });
}

/** A conversation with a cluster of three, and nothing expected yet. */
const say = (...commands: string[]) =>
  ['# A test.', '', 'cluster nodes=3', ...commands, '----', ''].join('\n');

describe('a file that is wrong', () => {
  test('an unknown command is reported with its line and the commands that there are', () => {
    expect(() => answer(say('timeout n1', 'delivre n2'), 'a.txt')).toThrow(
      /^a\.txt:5: delivre n2: unknown command; there are cluster, deliver, drop, /,
    );
  });

  test('a message that is not pending is reported with its line and with what is pending', () => {
    expect(() => answer(say('timeout n1', 'deliver n2<-n1 AppendEntries'), 'a.txt')).toThrow(
      [
        'a.txt:5: deliver n2<-n1 AppendEntries: "n2<-n1 AppendEntries" is not pending; these are:',
        '  n2<-n1 RequestVote term=1 last=0/0',
        '  n3<-n1 RequestVote term=1 last=0/0',
      ].join('\n'),
    );
  });

  test.each([
    ['deliver n2', 'no message is pending for "n2"'],
    ['deliver n9', 'there is no n9 here'],
    ['fire n1 heartbeat', 'n1 has no armed heartbeat timer'],
    ['restart n1', 'n1 is up'],
    ['request n1 put x', 'expected one of get key, put key value, '],
    ['advance 5', 'expected a time such as 500ms'],
    ['cluster nodes=5', 'there is a cluster already'],
  ])('%s is refused at a place where it means nothing', (command, message) => {
    expect(() => answer(say(command), 'a.txt')).toThrow(`a.txt:4: ${command}: ${message}`);
  });

  test('an unknown option of the cluster is reported with those that there are', () => {
    expect(() => answer('cluster nods=3\n----\n', 'a.txt')).toThrow(
      'a.txt:1: cluster nods=3: unknown option "nods=3"; there are nodes=3, sync_ms=0, prevote',
    );
  });

  test('a disk cannot be filled once the cluster runs', () => {
    expect(() => answer(say('timeout n1', 'log n1 terms=1'), 'a.txt')).toThrow('too late');
  });

  test('commands without a line of dashes are reported where they begin', () => {
    const text = say('timeout n1').replace('----\n', '\nstate\n----\n');
    expect(() => answer(text, 'a.txt')).toThrow('a.txt:3: these commands lack a line ---- below');
  });

  test('a file without an opening sentence is refused', () => {
    expect(() => titleOf('cluster nodes=3\n----\n', 'a.txt')).toThrow(ConversationError);
  });
});

describe('answers', () => {
  test('what the file expected is replaced by what happens now', () => {
    const answered = answer(say('timers'), 'a.txt');
    expect(answer(answered.replace('n1 election', 'n1 heartbeat'), 'a.txt')).toBe(answered);
    expect(answered).toContain('\nn1 election\nn2 election\nn3 election\n');
  });

  test('a violated invariant is told with its facts, and ends the conversation', () => {
    const rules = { ...paperRules, voteIsFree: () => true };
    const commands = ['timeout n1', 'timeout n3', 'deliver n2', 'deliver n1<-n2', 'deliver n3<-n2'];
    const settings = { rules, invariants: [electionSafety] };
    expect(answer(say(...commands), 'a.txt', settings)).toMatch(
      /\n {2}VIOLATED raft\/election-safety: .+\n {4}.+/,
    );
    expect(() => answer(say(...commands, 'timeout n2'), 'a.txt', settings)).toThrow(
      'the run has ended with a violation',
    );
  });

  test('a handler that throws is told, even quietly', () => {
    const isUpToDate = () => {
      throw new Error('out of order');
    };
    const settings = { rules: { ...paperRules, isUpToDate } };
    expect(answer(say('timeout n1', 'deliver n2 quietly'), 'a.txt', settings)).toContain(
      'VIOLATED protocol/handlers-do-not-throw: n2 threw on RequestVote: out of order',
    );
  });
});

describe('the conversations together', () => {
  test('no two have the same title', () => {
    const titles = files.map(({ name, text }) => titleOf(text, name));
    expect(new Set(titles).size).toBe(titles.length);
  });

  test.each(raftMutants.filter(({ id, rules }) => rules !== undefined && id !== untold))(
    'at least one goes differently with the mutant $id',
    ({ rules }) => {
      const wrong: RaftRules = { ...paperRules, ...rules };
      expect(files.some(({ name, text }) => isDifferent(text, name, wrong))).toBe(true);
    },
  );
});

/** Whether other rules give other answers, or leave no message where the file expects one. */
function isDifferent(text: string, name: string, rules: RaftRules): boolean {
  try {
    return answer(text, name, { rules }) !== text;
  } catch (error) {
    if (error instanceof ConversationError) return true;
    throw error;
  }
}
