/** `schism shrink`: its options. */
import type { Command } from 'commander';
import type { Io } from './io.ts';
import { sessionOf, type GlobalOptions } from './session.ts';

export interface ShrinkFlags extends GlobalOptions {
  readonly out?: string;
  readonly polish: string;
  readonly json?: boolean;
}

export function registerShrink(program: Command, io: Io): void {
  program
    .command('shrink')
    .summary('leave out of a violating trace whatever is not needed')
    .description(
      'Leaves out of a trace whatever its violation does not need: faults, clients, nodes,\n' +
        'events. Without any one of the events that are left nothing is violated in the end.',
    )
    .argument('<trace>', 'a trace (.msgpack) in which an invariant is violated')
    .option('-o, --out <path>', 'where scenario and trace go (default: <trace>-shrunk in out/)')
    .option('--polish <number>', 'search for others, shrink so many, keep the shortest', '1')
    .option('--json', 'print the result as JSON and nothing else')
    .addHelpText('after', help)
    .action(async (path: string, _flags: object, command: Command) => {
      const flags = command.optsWithGlobals<ShrinkFlags>();
      const { shrinkCommand } = await import('./shrink-command.ts');
      io.exit(await shrinkCommand(path, flags, sessionOf(io, flags)));
    });
}

const help = `
Ctrl-C keeps the best so far.

--json prints { "trace", "outcome": "minimal" | "interrupted", "invariant", "before", "after",
  "replays", "lengths", "steps": [{ "label", "needed": sentence }],
  "shrunk": path, "scenario": path }

Exit codes: 0 shrunk · 2 the file cannot be used, or nothing is violated in it ·
4 its steps do not lead to the violation here · 130 interrupted

Example:
  schism shrink out/split-brain-42.msgpack --polish 5`;
