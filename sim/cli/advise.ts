/** `schism advise`: its options. */
import type { Command } from 'commander';
import type { Io } from './io.ts';
import { sessionOf, type GlobalOptions } from './session.ts';

export interface AdviseFlags extends GlobalOptions {
  readonly json?: boolean;
  readonly rehearse?: boolean;
  readonly seed?: string;
  readonly runs: string;
  /** Where a page (.html) or a picture (.svg) goes. */
  readonly report?: string;
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
    .option('--rehearse', 'run the advice and each of its failure scenarios in the simulator')
    .option('-s, --seed <seed>', 'of the rehearsal', '1')
    .option('--runs <n>', 'runs of each scenario of the rehearsal', '3')
    .option('--report <file>', 'write a page (.html), or the pictures of a rehearsal (.svg)')
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
with --rehearse also "rehearsal": { "protocol", "possible", "outcome", "steady",
  "failure_scenarios": [{ "scenario", "promise", "recovered", "failover_ms", … }], … };
of a context that cannot be used { "file", "valid": false, "problems" }, as schism validate.
quorum_size counts the nodes that have a write before it is acknowledged, the first included.

A rehearsal measures what clients see: commit latency from their first try to the answer; failover,
the longest pause while a failure lasts; availability, the share of the time without pauses
longer than the timeout.

Exit codes: 0 advice given, and every rehearsed promise kept · 1 a promise was not kept ·
2 the context cannot be used · 3 the protocol cannot be rehearsed, or a promise was not put
to the test

Examples:
  schism advise context.yaml
  schism advise context.yaml --rehearse --runs 10 --report advice.html`;
