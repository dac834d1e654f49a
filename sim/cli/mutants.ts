/** `schism mutants`: its options. */
import type { Command } from 'commander';
import type { Io } from './io.ts';
import { sessionOf, type GlobalOptions } from './session.ts';

export interface MutantsFlags extends GlobalOptions {
  readonly protocol?: string;
  readonly only?: string;
  readonly nodes?: string;
  readonly strategy: string;
  readonly budget: string;
  readonly seeds: string;
  readonly json?: boolean;
}

export function registerMutants(program: Command, io: Io): void {
  program
    .command('mutants')
    .summary('measure how fast the search finds the documented errors')
    .description(
      'Searches for each deliberate, documented error of the protocols, and says whether, by\n' +
        'which invariant and how fast. Controls are no errors: nothing may catch them.',
    )
    .option('--protocol <name>', 'the mutants of one protocol (default: all)')
    .option('--only <ids>', 'these mutants, with commas between them')
    .option('--nodes <sizes>', 'cluster sizes, such as 3,5 (default: as few as the error needs)')
    .option('--strategy <name>', 'one strategy in place of the portfolio', 'portfolio')
    .option('--budget <duration>', 'CPU time for each search', '60s')
    .option('--seeds <number>', 'searches for each mutant; the median counts', '5')
    .option('--json', 'print the result as JSON and nothing else')
    .addHelpText('after', help)
    .action(async (_flags: object, command: Command) => {
      const flags = command.optsWithGlobals<MutantsFlags>();
      const { mutantsCommand } = await import('./mutants-command.ts');
      io.exit(await mutantsCommand(flags, sessionOf(io, flags)));
    });
}

const help = `
Caught means: in every search. Runs, events and CPU time are medians to the first violation (of the
whole budget where there was none). A control has the budget once, shared by its searches. With
--nodes a mutant is searched in each of these sizes that is large enough for it.

--json prints { "mutants": [{ "id", "nodes", "caught", "invariant", "expected": whether it is one
  of those that should catch it, "runs", "events", "cpuMs", "shrunkEvents", "control" }],
  "score": the share of the errors that were caught }

Exit codes: 0 all caught, controls silent · 1 a control was reported · 2 usage ·
3 an error was not caught within its budget · 130 interrupted

Example:
  schism mutants --protocol raft --only commit-old-term --nodes 3,5 --budget 10s`;
