/** `schism init`: the files to begin with. */
import type { Command } from 'commander';
import type { Io } from './io.ts';
import { sessionOf, type GlobalOptions } from './session.ts';

export function registerInit(program: Command, io: Io): void {
  program
    .command('init')
    .summary('make a first scenario, its schema, and what CI needs')
    .description('Writes the files to begin with. A file that is there already is left alone.')
    .argument('[folder]', 'where', '.')
    .action(async (folder: string, _flags: object, command: Command) => {
      const { initCommand } = await import('./init-command.ts');
      initCommand(folder, sessionOf(io, command.optsWithGlobals<GlobalOptions>()));
    });
}
