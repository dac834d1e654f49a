/** `schism check`: checks histories, ours and those of others. */
import { type Command, InvalidArgumentError } from 'commander';
import type { Io } from './io.ts';
import { type GlobalOptions, sessionOf } from './session.ts';

export interface CheckFlags extends GlobalOptions {
  readonly model?: string;
  readonly consistency?: string;
  readonly format?: string;
  readonly initial?: string;
  readonly json?: boolean;
  /** Where the page with the counterexample goes. */
  readonly page?: string;
  readonly configurations?: number;
  readonly quiescentAt?: number;
}

export function registerCheck(program: Command, io: Io): void {
  program
    .command('check')
    .summary('check histories: linearizable, serializable, causal, …')
    .description('Checks what clients saw, as recorded here, by Jepsen, Elle or Porcupine.')
    .argument('<files...>', 'histories; - reads the standard input')
    .option('--model <name>', 'what the operations work on (default: as they suggest)')
    .option('--consistency <level>', 'what to hold (default: linearizable, strict-serializable)')
    .option('--format <name>', 'etcd-log, edn, jepsen-json or json-lines (default: guessed)')
    .option('--initial <value>', 'the initial value, as JSON (default: null, 0, "" or empty)')
    .option('--json', 'one JSON object a file, and nothing else')
    .option('--page <file>', 'write the counterexample as a web page')
    .option('--configurations <n>', 'how many to explore before giving up', positive)
    .option('--quiescent-at <time>', 'for eventual: no update was under way from then on', Number)
    .addHelpText('after', help)
    .action(async (files: readonly string[], flags: CheckFlags, command: Command) => {
      const { checkCommand } = await import('./check-command.ts');
      const all: CheckFlags = { ...command.optsWithGlobals<GlobalOptions>(), ...flags };
      io.exit(checkCommand(files, all, sessionOf(io, all)));
    });
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value <= 0) {
    throw new InvalidArgumentError('Expected a whole number above 0.');
  }
  return value;
}

const help = `
Examples:
  schism check jepsen.log                        a Jepsen log of etcd, linearizable or not
  schism check history.edn --consistency serializable
  schism check *.jsonl --model map --json

Exit codes: 0 valid · 1 invalid · 3 unknown · 2 a file or option that cannot be used`;
