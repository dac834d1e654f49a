/** `schism explain`: why an invariant is violated in a trace. */
import { InvalidArgumentError, type Command } from 'commander';
import type { Io } from './io.ts';
import { sessionOf, type GlobalOptions } from './session.ts';

export interface ExplainFlags extends GlobalOptions {
  readonly limit: number;
  readonly json?: boolean;
}

export function registerExplain(program: Command, io: Io): void {
  program
    .command('explain')
    .summary('why an invariant is violated in a trace')
    .description('Shows the facts in conflict, and the chain of events that led to them.')
    .argument('<trace>', 'a trace (.msgpack)')
    .option('-n, --limit <lines>', 'events of the chain at most', wholeNumber, 40)
    .option('--json', 'print { violation, causes, chain }, or null when nothing is violated')
    .action(async (path: string, _flags: object, command: Command) => {
      const flags = command.optsWithGlobals<ExplainFlags>();
      const { explainCommand } = await import('./trace-command.ts');
      io.exit(explainCommand(path, flags, sessionOf(io, flags)));
    });
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) {
    throw new InvalidArgumentError('expected a whole number from 1.');
  }
  return value;
}
