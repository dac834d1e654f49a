/** The command line: all commands, and what becomes of their mistakes. */
import { Command, CommanderError } from 'commander';
import { registerAdvise } from './advise.ts';
import { registerCheck } from './check.ts';
import { registerCompletion } from './completion.ts';
import { registerDoctor } from './doctor.ts';
import { ExitCode, RunError, UsageError } from './exit.ts';
import { registerExplain } from './explain.ts';
import { registerInit } from './init.ts';
import type { Io } from './io.ts';
import { registerList } from './list.ts';
import { registerMutants } from './mutants.ts';
import { registerReplay } from './replay.ts';
import { registerRun } from './run.ts';
import { registerSchema } from './schema.ts';
import { registerSearch } from './search.ts';
import { registerShrink } from './shrink.ts';
import { registerTrace } from './trace.ts';
import { registerValidate } from './validate.ts';
import { registerView } from './view.ts';

/** Runs one command line; the exit code goes to `io`. */
export async function runCli(args: readonly string[], io: Io): Promise<void> {
  if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
    io.print(await versionText());
    return;
  }
  try {
    await createProgram(io).parseAsync(args, { from: 'user' });
  } catch (error) {
    io.exit(complain(error, args, io));
  }
}

export function createProgram(io: Io): Command {
  const program = new Command('schism')
    .description('A deterministic simulator for distributed protocols.')
    .usage('[command] [options] [files...]')
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.print(text), writeErr: (text) => io.note(text) })
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
    .showHelpAfterError('(--help shows what there is)')
    .option('-V, --version', 'print the version of the package and of its trace format')
    .option('--color', 'colour the output, whoever reads it')
    .option('--no-color', 'never colour the output (as NO_COLOR=1)')
    .option('--debug', 'show the stack of an internal error')
    .addHelpText('before', examples)
    .addHelpText('after', footer);
  registerRun(program, io);
  registerSearch(program, io);
  registerReplay(program, io);
  registerShrink(program, io);
  registerExplain(program, io);
  registerView(program, io);
  registerTrace(program, io);
  registerValidate(program, io);
  registerCheck(program, io);
  registerMutants(program, io);
  registerAdvise(program, io);
  registerDoctor(program, io);
  registerList(program, io);
  registerSchema(program, io);
  registerInit(program, io);
  registerCompletion(program, io);
  return program;
}

/** Says what went wrong, and returns the exit code. */
function complain(error: unknown, args: readonly string[], io: Io): ExitCode {
  // commander has said it already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
  if (error instanceof UsageError) {
    io.note(`${error.message}\n`);
    return ExitCode.usage;
  }
  const cause = error instanceof RunError ? error.cause : error;
  const text = error instanceof Error ? error.message : String(error);
  // By its name: its class would load the whole registry before any help is printed.
  if (cause instanceof Error && cause.name === 'ModuleError') {
    io.note(`${text}\n`);
    if (args.includes('--debug')) io.note(`${cause.stack ?? ''}\n`);
    return ExitCode.usage;
  }
  io.note(`internal error: ${text}\nThis is a fault of Schism, not yours: please report it.\n`);
  if (args.includes('--debug')) {
    io.note(`${cause instanceof Error ? (cause.stack ?? '') : String(cause)}\n`);
  } else io.note('--debug shows where it happened.\n');
  return ExitCode.internal;
}

async function versionText(): Promise<string> {
  const { packageVersion } = await import('../registry/version.ts');
  const { formatVersion } = await import('../trace/format.ts');
  return `schism ${packageVersion()} (trace format ${formatVersion})\n`;
}

const examples = `Examples:
  schism scenarios/split-brain.yaml             run a scenario and tell what happened
  schism scenarios/split-brain.yaml --seed 7    the same with other luck
  schism replay out/split-brain-42.msgpack      run it again, event by event
  schism search scenarios/split-brain.yaml      look for a schedule that breaks it
  schism list                                   protocols, scenarios, invariants, faults, mutants
In the repository write npm run sim -- for schism.
`;

const footer = `
Exit codes: 0 as expected · 1 a property violated · 2 usage or unusable input ·
3 inconclusive · 4 a replay diverged · 70 our own fault · 130 interrupted
"schism <command> --help" says more about a command.`;
