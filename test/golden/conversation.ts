/**
 * Golden conversations: a text file of commands and what a cluster answers to them. A block is some
 * lines of commands, a line `----`, the expected output, and ends with an empty line; `#` begins a
 * comment. The same text with the present answers is `answer(text)`; equal texts mean: as before.
 */
import { Session } from './commands.ts';
import type { ClusterSettings } from './cluster.ts';

/** What a file is wrong about, and where. */
export class ConversationError extends Error {
  readonly file: string;
  readonly line: number;

  constructor(file: string, line: number, message: string) {
    super(`${file}:${line}: ${message}`);
    this.name = 'ConversationError';
    this.file = file;
    this.line = line;
  }
}

/** A line of a file that is no block, as it stands; or the commands of a block. */
type Part =
  | { readonly kind: 'text'; readonly line: string }
  | { readonly kind: 'block'; readonly commands: readonly Located[] };

interface Located {
  readonly command: string;
  /** Counted from 1. */
  readonly line: number;
}

const separator = '----';

/** Runs the conversation and returns its text with the answers that the cluster gives now. */
export function answer(text: string, file: string, settings: ClusterSettings): string {
  const session = new Session(settings);
  const lines: string[] = [];
  for (const part of parse(text, file)) {
    if (part.kind === 'text') lines.push(part.line);
    else lines.push(...answerBlock(session, part.commands, file));
  }
  return lines.join('\n');
}

/** The first sentence of the comment that a file opens with: what it shows. */
export function titleOf(text: string, file: string): string {
  const comment: string[] = [];
  for (const line of text.split('\n')) {
    if (!line.startsWith('#')) break;
    comment.push(line.slice(1).trim());
  }
  const sentence = /^.+?[.?!](?=\s|$)/.exec(comment.join(' '))?.[0];
  if (sentence === undefined) {
    throw new ConversationError(
      file,
      1,
      'begin with a comment whose first sentence says what holds',
    );
  }
  return sentence.slice(0, -1);
}

function answerBlock(session: Session, commands: readonly Located[], file: string): string[] {
  const output: string[] = [];
  for (const { command, line } of commands) {
    try {
      output.push(...session.perform(command));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw new ConversationError(file, line, `${command}: ${message}`);
    }
  }
  return [...commands.map(({ command }) => command), separator, ...output];
}

function parse(text: string, file: string): readonly Part[] {
  const parts: Part[] = [];
  const lines = text.split('\n');
  let at = 0;
  while (at < lines.length) {
    const line = lines[at] as string;
    if (line.trim() === '' || line.startsWith('#')) {
      parts.push({ kind: 'text', line });
      at++;
      continue;
    }
    const commands: Located[] = [];
    for (; lines[at] !== separator; at++) {
      const command = lines[at]?.trim() ?? '';
      if (command === '') {
        const { line: first } = commands[0] as Located;
        throw new ConversationError(file, first, `these commands lack a line ${separator} below`);
      }
      commands.push({ command, line: at + 1 });
    }
    parts.push({ kind: 'block', commands });
    // The output that the file expects: the answers of today take its place.
    while (at < lines.length && lines[at] !== '') at++;
  }
  return parts;
}
