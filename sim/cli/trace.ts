/** `schism trace`: info, diff, export, refresh. */
import { Option, type Command } from 'commander';
import type { Io } from './io.ts';
import { sessionOf, type GlobalOptions } from './session.ts';

export const formats = ['text', 'jsonl', 'mermaid'] as const;

export interface ExportFlags extends GlobalOptions {
  readonly format: (typeof formats)[number];
  readonly out?: string;
}

export interface RefreshFlags extends GlobalOptions {
  readonly dryRun?: true;
}

export function registerTrace(program: Command, io: Io): void {
  const trace = program
    .command('trace')
    .summary('look into trace files: info, diff, export, refresh');
  trace
    .command('info')
    .description('Says what a trace is: where it comes from, how long it is, how it ended.')
    .argument('<trace>', 'a trace (.msgpack)')
    .action(async (path: string, _flags: object, command: Command) => {
      const { infoCommand } = await import('./trace-command.ts');
      io.exit(infoCommand(path, sessionOf(io, command.optsWithGlobals<GlobalOptions>())));
    });
  trace
    .command('diff')
    .description('Finds the first event in which two traces differ, and how. Exits with 1 then.')
    .argument('<left>', 'a trace (.msgpack)')
    .argument('<right>', 'another one')
    .action(async (left: string, right: string, _flags: object, command: Command) => {
      const { diffCommand } = await import('./trace-command.ts');
      io.exit(diffCommand(left, right, sessionOf(io, command.optsWithGlobals<GlobalOptions>())));
    });
  trace
    .command('export')
    .description('Writes a trace as text, as JSON lines, or as a Mermaid sequence diagram.')
    .argument('<trace>', 'a trace (.msgpack)')
    .addOption(new Option('-f, --format <format>', 'the form').choices(formats).default('text'))
    .option('-o, --out <file>', 'where to write (default: the standard output)')
    .action(async (path: string, _flags: object, command: Command) => {
      const flags = command.optsWithGlobals<ExportFlags>();
      const { exportCommand } = await import('./trace-command.ts');
      io.exit(exportCommand(path, flags, sessionOf(io, flags)));
    });
  trace
    .command('refresh')
    .description(
      'Brings stored traces up to date after a change of a protocol or of the engine: follows ' +
        'their events by name, shrinks what still violates, and replaces the file. A trace whose ' +
        'violation is gone is left as it is; exits with 4 then.',
    )
    .argument('<traces...>', 'traces (.msgpack)')
    .option('--dry-run', 'say what would become of them, write nothing')
    .action(async (paths: readonly string[], _flags: object, command: Command) => {
      const flags = command.optsWithGlobals<RefreshFlags>();
      const { refreshCommand } = await import('./trace-refresh.ts');
      io.exit(await refreshCommand(paths, flags, sessionOf(io, flags)));
    });
}
