/** `schism run`, the default command: its options. */
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { closest, distance } from 'fastest-levenshtein';
import { UsageError } from './exit.ts';
import type { Io } from './io.ts';
import { sessionOf, type GlobalOptions } from './session.ts';

export interface RunFlags extends GlobalOptions {
  readonly seed?: string;
  readonly out?: string;
  /** JSON lines of the run's log. */
  readonly log?: string;
  /** Prometheus's text format. */
  readonly metrics?: string;
  /** False with --no-trace. */
  readonly trace: boolean;
  /** False with --no-html. */
  readonly html: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
  /** How often -v is given. */
  readonly verbose: number;
}

export function registerRun(program: Command, io: Io): void {
  program
    .command('run', { isDefault: true })
    .summary('run scenarios and tell what happened')
    .description(
      'Runs scenarios and tells what happened: a story, then the verdict of every invariant.\n' +
        'The trace of each run is kept, so that it can be replayed.',
    )
    .argument('<files...>', 'scenario files (YAML); - is the standard input')
    .option('-s, --seed <seed>', "a number (42, 0x2a) or any word; overrides the scenario's own")
    .option('-o, --out <path>', 'where the trace goes: a file, or a folder (default: out/)')
    .option('--no-trace', 'keep no trace')
    .option('--no-html', 'write no page beside the trace of a violating run')
    .option('--log <path>', 'write the log of the run as JSON lines (a file, or a folder/)')
    .option('--metrics <path>', "write the run's metrics in Prometheus's text format")
    .option('--json', 'print the result as JSON and nothing else')
    .option('-q, --quiet', 'print one line for each scenario')
    .option('-v, --verbose', 'print every event; -vv with its changes of state', increase, 0)
    .addHelpText('after', help)
    .action(async (files: string[], _flags: object, command: Command) => {
      const flags = command.optsWithGlobals<RunFlags>();
      suspectCommand(files[0] as string, program);
      const { runCommand } = await import('./run-command.ts');
      io.exit(await runCommand(files, flags, sessionOf(io, flags)));
    });
}

/** As the default command, `run` also gets the misspelt names of others. */
function suspectCommand(word: string, program: Command): void {
  if (!/^\w+$/.test(word) || existsSync(word)) return;
  const names = program.commands.map((command) => command.name());
  const near = closest(word, names);
  if (distance(word, near) > 2) return;
  throw new UsageError(`there is no file ${word}; did you mean the command ${near}?`);
}

function increase(_value: string, before: number): number {
  return before + 1;
}

const help = `
The seed is the first of: --seed, the scenario's own, SCHISM_SEED, a fresh one.
It is always printed: the same scenario, seed and version give the same run.

--json prints one object, or a list of them when several files are given:
  { "scenario", "outcome": "passed" | "failed" | "inconclusive" | "interrupted",
    "seed", "events", "virtualMs", "hash", "trace": path or null,
    "invariants": [{ "id", "outcome": "holds" | "violated" | "unknown" }],
    "violation": null or { "invariant", "message", "event", "virtualMs", "node", "facts" } }
With npm, add --silent before the script's name: npm run --silent sim -- … --json

Exit codes: 0 as expected (an expected violation, too) · 1 not as expected ·
2 a scenario cannot be used · 3 inconclusive · 70 our own fault · 130 interrupted

Examples:
  schism scenarios/split-brain.yaml
  schism scenarios/split-brain.yaml --seed 7 -v | less
  schism run scenarios/*.yaml --quiet`;
