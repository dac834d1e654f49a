/** Runs scenario files: checks all of them first, then runs one after the other. */
import { basename, dirname, join } from 'node:path';
import { catalogue } from '../registry/index.ts';
import { openScenario, type OpenScenario } from '../registry/open.ts';
import { formatProblems, type Problem } from '../scenario/index.ts';
import { ExitCode, UsageError } from './exit.ts';
import { isFolder, openForWriting, readBytes } from './files.ts';
import { jsonOf } from './report-json.ts';
import { printHead, printResult } from './report.ts';
import type { RunFlags } from './run.ts';
import { runOne, type Outcome, type Plan } from './run-one.ts';
import { chooseSeed } from './seed.ts';
import type { Session } from './session.ts';

/** Returns the exit code. */
export async function runCommand(
  files: readonly string[],
  flags: RunFlags,
  session: Session,
): Promise<ExitCode> {
  const { io } = session;
  const opened = await openAll(files, session);
  if (opened === null) return ExitCode.usage;
  const plans = planAll(files, opened, flags, session);
  let isInterrupted = false;
  const stopListening = io.onInterrupt(() => {
    isInterrupted = true;
    io.note('interrupted: the run stops and its trace is ended; once more to stop at once\n');
  });
  const outcomes: Outcome[] = [];
  try {
    for (const [i, plan] of plans.entries()) {
      if (i > 0 && isInterrupted) break;
      if (i > 0 && flags.json !== true && flags.quiet !== true) io.print('\n');
      printHead(plan, flags, session);
      const outcome = await runOne(plan, flags, session, () => isInterrupted);
      printResult(outcome, flags, session);
      outcomes.push(outcome);
    }
  } finally {
    stopListening();
  }
  if (flags.json === true) {
    const values = outcomes.map(jsonOf);
    io.print(`${JSON.stringify(files.length === 1 ? values[0] : values)}\n`);
  } else if (outcomes.length > 1) io.print(summary(outcomes));
  return worst(outcomes);
}

/** All scenarios, or null when one has problems; they are printed then. */
async function openAll(
  files: readonly string[],
  session: Session,
): Promise<{ text: string; open: OpenScenario }[] | null> {
  const opened: { text: string; open: OpenScenario }[] = [];
  const problems: Problem[] = [];
  for (const file of files) {
    const text = scenarioText(file, session);
    const result = await openScenario(text, file, catalogue);
    if (result.ok) opened.push({ text, open: result.open });
    else problems.push(...result.problems);
  }
  if (problems.length === 0) return opened;
  session.io.note(formatProblems(problems));
  return null;
}

/** The text of a scenario file. */
export function scenarioText(file: string, { io, call }: Session): string {
  const bytes = readBytes(file, io, '.yaml');
  if (bytes[0] === 0x89 && bytes[1] === 0x53) {
    throw new UsageError(
      `${file} is a trace, not a scenario; to run it again: ${call} replay ${file}`,
    );
  }
  return new TextDecoder().decode(bytes);
}

function planAll(
  files: readonly string[],
  opened: readonly { text: string; open: OpenScenario }[],
  flags: RunFlags,
  { io }: Session,
): Plan[] {
  const seeds = opened.map(({ open }) =>
    chooseSeed(flags.seed, open.scenario.seed, io.env['SCHISM_SEED']),
  );
  const names = traceNames(files, seeds);
  const paths = names.map((name) => (flags.trace ? tracePath(name, flags.out, files) : null));
  return opened.map(({ text, open }, i): Plan => {
    const path = paths[i] ?? null;
    const file = files[i] as string;
    const seed = seeds[i] as string;
    const trace = path === null ? null : { path, descriptor: openForWriting(path) };
    return { file, text, open, seed, trace };
  });
}

/** `split-brain-42`; with its folder where two scenarios have one name. */
function traceNames(files: readonly string[], seeds: readonly string[]): string[] {
  const bases = files.map((file) =>
    file === '-' ? 'stdin' : basename(file).replace(/\.ya?ml$/, ''),
  );
  return files.map((file, i) => {
    const base = bases[i] as string;
    const isTwin = bases.indexOf(base) !== bases.lastIndexOf(base);
    const folder = isTwin ? `${basename(dirname(file))}-` : '';
    return `${folder}${base}-${seeds[i]}`.replaceAll(/[^\w.-]+/g, '-');
  });
}

function tracePath(name: string, out: string | undefined, files: readonly string[]): string {
  if (out === undefined) return join('out', `${name}.msgpack`);
  if (/[/\\]$/.test(out) || isFolder(out)) return join(out, `${name}.msgpack`);
  if (files.length === 1) return out;
  throw new UsageError(`--out ${out}: for several scenarios name a folder, ${out}/`);
}

const codes = {
  passed: ExitCode.ok,
  failed: ExitCode.violated,
  inconclusive: ExitCode.inconclusive,
  interrupted: ExitCode.interrupted,
  unusable: ExitCode.usage,
} as const;

/** In this order one outcome decides over the others. */
const gravity = ['interrupted', 'unusable', 'failed', 'inconclusive', 'passed'] as const;

function worst(outcomes: readonly Outcome[]): ExitCode {
  const found = gravity.find((word) => outcomes.some(({ outcome }) => outcome === word));
  return found === undefined ? ExitCode.interrupted : codes[found];
}

function summary(outcomes: readonly Outcome[]): string {
  const counts = gravity
    .toReversed()
    .map((word) => [word, outcomes.filter(({ outcome }) => outcome === word).length] as const)
    .filter(([, number]) => number > 0)
    .map(([word, number]) => `${number} ${word}`);
  return `\n${outcomes.length} scenarios: ${counts.join(', ')}\n`;
}
