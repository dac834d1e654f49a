/** `schism replay`: its options. */
import type { Command } from 'commander';
import type { Io } from './io.ts';
import { sessionOf, type GlobalOptions } from './session.ts';

export interface ReplayFlags extends GlobalOptions {
  readonly lenient?: boolean;
  readonly json?: boolean;
}

export function registerReplay(program: Command, io: Io): void {
  program
    .command('replay')
    .summary('run a trace again and compare every event')
    .description(
      'Runs a trace again, event by event, and compares times, messages, faults and states.\n' +
        'Says at which event the run is no longer that of the trace, if there is one.',
    )
    .argument('<trace>', 'a trace (.msgpack)')
    .option('--lenient', 'follow the names of the events as far as they exist, compare nothing')
    .option('--json', 'print the result as JSON and nothing else')
    .addHelpText('after', help)
    .action(async (path: string, _flags: object, command: Command) => {
      const flags = command.optsWithGlobals<ReplayFlags>();
      const { replayCommand } = await import('./replay-command.ts');
      io.exit(await replayCommand(path, flags, sessionOf(io, flags)));
    });
}

const help = `
--json prints { "trace", "outcome": "same" | "diverged" | "incomplete" | "followed",
  "seed", "events", "hash", "violation", "divergence" or "followed" }

Exit codes: 0 the same run · 2 the file is damaged or its scenario cannot be used ·
4 it diverges; with --lenient: 0 no invariant violated · 1 one is violated

Example:
  schism replay out/split-brain-42.msgpack`;
