/** `schism view`: its options. */
import type { Command } from 'commander';
import type { Io } from './io.ts';
import { sessionOf, type GlobalOptions } from './session.ts';

export interface ViewFlags extends GlobalOptions {
  /** Write a page instead of serving one. */
  readonly html?: string;
  /** False with --no-open. */
  readonly open: boolean;
  readonly port?: string;
  /** List the lessons; with a name: play one. */
  readonly lessons?: boolean | string;
}

export function registerView(program: Command, io: Io): void {
  program
    .command('view')
    .summary('look at traces in a browser: step through, compare, change what happens')
    .description(
      'Shows a trace, or two beside one another, in a page: a space-time diagram, states, logs,\n' +
        'causes; from any step the run can be continued with other messages and faults.\n' +
        'The page makes no request to anywhere. Without --html it is served on this machine\n' +
        'alone, and follows the files when they change.',
    )
    .argument('[traces...]', 'one or two traces (.msgpack)')
    .option('--html <path>', 'write a self-contained page and end')
    .option('--port <number>', 'serve on this port (default: a free one)')
    .option('--no-open', 'do not open the browser')
    .option('--lessons [id]', 'list the lessons; with an id: play one')
    .addHelpText('after', help)
    .action(async (paths: string[], _flags: object, command: Command) => {
      const flags = command.optsWithGlobals<ViewFlags>();
      const { viewCommand } = await import('./view-command.ts');
      io.exit(await viewCommand(paths, flags, sessionOf(io, flags)));
    });
}

const help = `
Exit codes: 0 the page was written or served · 2 a trace cannot be read at all

Examples:
  schism view out/split-brain-42.msgpack
  schism view --html out/run.html out/split-brain-42.msgpack
  schism view before.msgpack after.msgpack
  schism view --lessons
  schism view --lessons raft/figure-8`;
