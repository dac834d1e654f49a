/** `schism list`: what there is. */
import { Argument, type Command } from 'commander';
import type { Io } from './io.ts';
import { sessionOf, type GlobalOptions } from './session.ts';

export const listed = ['protocols', 'scenarios', 'invariants', 'faults', 'mutants'] as const;
export type Listed = (typeof listed)[number];

export interface ListFlags extends GlobalOptions {
  readonly json?: boolean;
}

export function registerList(program: Command, io: Io): void {
  program
    .command('list')
    .summary('what there is: protocols, scenarios, invariants, faults, mutants')
    .description('Lists what a scenario can name, each with a sentence.')
    .addArgument(new Argument('[what]', 'left out: everything').choices(listed))
    .option('--json', 'print it as JSON: one list, or all of them by name')
    .action(async (what: Listed | undefined, _flags: object, command: Command) => {
      const flags = command.optsWithGlobals<ListFlags>();
      const { listCommand } = await import('./list-command.ts');
      io.exit(await listCommand(what, flags, sessionOf(io, flags)));
    });
}
