/** `schism search`: its options. */
import type { Command } from 'commander';
import type { Io } from './io.ts';
import { sessionOf, type GlobalOptions } from './session.ts';

export interface SearchFlags extends GlobalOptions {
  readonly runs?: string;
  readonly time?: string;
  readonly untilFail?: boolean;
  readonly jobs: string;
  readonly strategy: string;
  readonly seed?: string;
  readonly polish: string;
  readonly coverage?: boolean;
  readonly out?: string;
  readonly json?: boolean;
}

export function registerSearch(program: Command, io: Io): void {
  program
    .command('search')
    .summary('search for a schedule that violates an invariant, and shrink it')
    .description(
      'Runs a scenario again and again, each time with other faults in another order,\n' +
        'until an invariant is violated; then leaves out whatever is not needed.',
    )
    .argument('<scenario>', 'a scenario file (YAML); - is the standard input')
    .option('-n, --runs <number>', 'how many runs at most (default: 20000)')
    .option('-t, --time <duration>', 'how long at most, such as 60s; what is found may vary then')
    .option('--until-fail', 'no limit: search until something is violated')
    .option('-j, --jobs <number>', 'worker threads; the result is the same for any number', '1')
    .option('--strategy <name>', 'one strategy in place of the portfolio', 'portfolio')
    .option('-s, --seed <seed>', "a number (42, 0x2a) or any word; overrides the scenario's own")
    .option('--polish <number>', 'shrink so many violations and keep the shortest', '1')
    .option('--coverage', 'show what each strategy did, and how often each probe held')
    .option('-o, --out <path>', 'where scenario and trace go: a folder, or a file (default: out/)')
    .option('--json', 'print the result as JSON and nothing else')
    .addHelpText('after', help)
    .action(async (file: string, _flags: object, command: Command) => {
      const flags = command.optsWithGlobals<SearchFlags>();
      const { searchCommand } = await import('./search-command.ts');
      io.exit(await searchCommand(file, flags, sessionOf(io, flags)));
    });
}

const help = `
A run is at most 100 events with a few crashes, cuts, lost and repeated messages and client
operations; its schedule (if the scenario has one) happens first. The lowest failing run wins.

--json prints { "scenario", "outcome": "violated" | "none" | "interrupted", "seed", "runs",
  "events", "states", "arms": { name: { "runs", "events", "hits" } }, "probes": { id: runs },
  "fastCheck": { "seed", "path" }, "lost": [blocks],
  "found": null or { "run", "strategy", "invariant", "message", "expected", "events",
    "shrunkEvents", "minimal", "replays", "scenario": path, "trace": path } }

Exit codes: 0 nothing is violated, or what the scenario expects · 1 something else is violated ·
2 the scenario cannot be used · 3 the budget ended first (an expected violation was not found, or a
worker died) · 70 our own fault · 130 interrupted

Examples:
  schism search scenarios/split-brain.yaml --runs 100000 --jobs 4
  schism search my-protocol.yaml --until-fail --polish 5`;
