/** `schism advise`: its options. */
import type { Command } from 'commander';
import type { Io } from './io.ts';
import { sessionOf, type GlobalOptions } from './session.ts';

export interface AdviseFlags extends GlobalOptions {
  readonly json?: boolean;
}

export function registerAdvise(program: Command, io: Io): void {
  program
    .command('advise')
    .summary('recommend a protocol, its configuration, and what may go wrong')
    .description(
      'Reads a distributed_context (YAML or JSON) and recommends a protocol and a\n' +
        'configuration; says what may go wrong, what helps then, and why all of it.',
    )
    .argument('<file>', 'a context; - is the standard input')
    .option('--json', "print the specification's output and the reasons as JSON")
    .addHelpText('after', help)
    .action(async (file: string, _flags: object, command: Command) => {
      const flags = command.optsWithGlobals<AdviseFlags>();
      const { adviseCommand } = await import('./advise-command.ts');
      io.exit(await adviseCommand(file, flags, sessionOf(io, flags)));
    });
}

const help = `
A context, of which only problem_type is required:
  distributed_context:            # this line may be left out
    problem_type: consensus       # replication, partitioning, transaction, conflict_resolution
    cluster_config: { nodes: 5, failure_tolerance: 2, regions: [eu, us, asia] }
    consistency_requirement: linearizable   # sequential, causal, eventual (the default)
    network_assumptions: { latency_ms: 10, partition_probability: 0.01, byzantine: false }

--json prints { "protocol": { "name", "description", "correctness_guarantee" },
  "configuration": { "quorum_size", "timeout_ms", "heartbeat_ms" },
  "failure_scenarios": [{ "scenario", "behavior", "recovery" }],
  "rationale": [{ "rule", "decides", "because", "source" }] };
of a context that cannot be used { "file", "valid": false, "problems" }, as schism validate.
quorum_size counts the nodes that have a write before it is acknowledged, the first included.

Exit codes: 0 advice given · 2 the context cannot be used`;
