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
  readonly bounds?: string;
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
    .option('--bounds <list>', 'how far --strategy exhaustive goes: epochs=2,requests=1,crashes=1')
    .option('-s, --seed <seed>', "a number (42, 0x2a) or any word; overrides the scenario's own")
    .option('--polish <number>', 'shrink so many violations and keep the shortest', '1')
    .option('--coverage', 'show what each strategy did, and how often each probe held')
    .option('-o, --out <path>', 'where scenario and trace go: a folder, or a file (default: out/)')
    .option('--json', 'print the result as JSON and nothing else')
    .addHelpText('after', help)
    .action(async (file: string, _flags: object, command: Command) => {
      const flags = command.optsWithGlobals<SearchFlags>();
      const session = sessionOf(io, flags);
      if (flags.strategy === 'exhaustive') {
        const { exhaustCommand } = await import('./exhaust-command.ts');
        io.exit(await exhaustCommand(file, flags, session));
        return;
      }
      const { searchCommand } = await import('./search-command.ts');
      io.exit(await searchCommand(file, flags, session));
    });
}

const help = `
A run is at most 100 events (more with more than 3 nodes) with a few crashes, cuts, lost and
repeated messages and client operations; its schedule (if the scenario has one) happens first. The
lowest failing run wins.

--strategy exhaustive explores every order of events within --bounds, and finds a shortest path or
says that there is none: the highest epoch (term, ballot, view), requests, crashes, repeats (of
messages), states (at most so many), and how often timers fire, by their names. Left out, they are
epochs=2,requests=1,crashes=0,repeats=0,states=2000000.

--json prints { "scenario", "outcome": "violated" | "none" | "interrupted", "seed", "runs",
  "events", "states", "arms": { name: { "runs", "events", "hits" } }, "probes": { id: runs },
  "fastCheck": { "seed", "path" }, "lost": [blocks],
  "found": null or { "run", "strategy", "invariant", "message", "expected", "events",
    "shrunkEvents", "minimal", "replays", "scenario": path, "trace": path } }
and of an exhaustive search { "scenario", "outcome": "violated" | "none" | "states" | "interrupted",
  "bounds", "distinct", "generated", "depth", "notAsked": [invariants], "falseClaim",
  "found": null or { "invariant", "expected", "actions", "steps", "scenario", "trace" } }

Exit codes: 0 nothing is violated, or what the scenario expects · 1 something else is violated ·
2 the scenario cannot be used · 3 the budget ended first (an expected violation was not found, a
worker died, or nothing could happen at all) · 70 our own fault · 130 interrupted

Examples:
  schism search scenarios/split-brain.yaml --runs 100000 --jobs 4
  schism search my-protocol.yaml --until-fail --polish 5
  schism search scenarios/raft/... --strategy exhaustive --bounds crashes=1`;
