/** `schism validate`: checks scenario files without running them. */
import type { Command } from 'commander';
import type { Io } from './io.ts';
import { sessionOf, type GlobalOptions } from './session.ts';

export interface ValidateFlags extends GlobalOptions {
  readonly json?: boolean;
}

export function registerValidate(program: Command, io: Io): void {
  program
    .command('validate')
    .summary('check scenario files without running them')
    .description('Checks scenario files, and shows every problem with its line and column.')
    .argument('<files...>', 'scenario files (YAML); - is the standard input')
    .option('--json', 'print [{ file, valid, problems: [{ line, column, message }] }]')
    .action(async (files: string[], _flags: object, command: Command) => {
      const flags = command.optsWithGlobals<ValidateFlags>();
      const { validateCommand } = await import('./validate-command.ts');
      io.exit(await validateCommand(files, flags, sessionOf(io, flags)));
    });
}
