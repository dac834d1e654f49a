/** `schism doctor`: its options. */
import type { Command } from 'commander';
import type { Io } from './io.ts';
import { sessionOf, type GlobalOptions } from './session.ts';

export interface DoctorFlags extends GlobalOptions {
  readonly json?: boolean;
  readonly seed?: string;
}

export function registerDoctor(program: Command, io: Io): void {
  program
    .command('doctor')
    .summary('answer the debug checklist about a scenario, with evidence')
    .description(
      'Answers six questions about a scenario by reading it, and by running it and variants of\n' +
        'it: quorum size, clock skew, partition, fencing, idempotency, recovery procedure.',
    )
    .argument('<file>', 'a scenario (YAML); - is the standard input')
    .option('-s, --seed <seed>', "a number or any word; overrides the scenario's own (default: 1)")
    .option('--json', 'print the findings as JSON')
    .addHelpText('after', help)
    .action(async (file: string, _flags: object, command: Command) => {
      const flags = command.optsWithGlobals<DoctorFlags>();
      const { doctorCommand } = await import('./doctor-command.ts');
      io.exit(await doctorCommand(file, flags, sessionOf(io, flags)));
    });
}

const help = `
The variants keep protocol, options, cluster, network and mutants, and have other faults: clocks
that drift and jump, a leader that is cut off, one that is paused, messages that come twice.

--json prints { "scenario", "seed", "findings": [{ "name", "question",
  "answer": "yes" | "no" | "unknown" | "does not apply",
  "evidence": [{ "by": "analysis" | "run", "text" }] }] }

Exit codes: 0 no answer is no · 1 one is · 2 the scenario cannot be used · 3 one is unknown`;
