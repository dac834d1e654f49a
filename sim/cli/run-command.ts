/** Runs scenario files: checks all of them first, then runs one after the other. */
import { basename, dirname, join } from 'node:path';
import { catalogue } from '../registry/index.ts';
import { openScenario, type OpenScenario } from '../registry/open.ts';
import { formatProblems, type Problem } from '../scenario/index.ts';
import { ExitCode, UsageError } from './exit.ts';
import { isFile, isFolder, openForWriting, readBytes } from './files.ts';
import { jsonOf } from './report-json.ts';
import { printHead, printResult } from './report.ts';
import type { RunFlags } from './run.ts';
import type { Output } from './output-file.ts';
import { writePageBeside } from './page-beside.ts';
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
      if (flags.html && outcome.run.violation !== null) keepPage(outcome, session);
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

/** Only a file can be read again; a trace that went into a pipe has no place beside it. */
function keepPage({ plan: { trace } }: Outcome, { io, call }: Session): void {
  if (trace !== null && isFile(trace.path)) io.note(writePageBeside(trace.path, call));
}

/** All scenarios, or null when one has problems; they are printed then. */
async function openAll(files: readonly string[], session: Session): Promise<Usable[] | null> {
  const attempts = await openEach(files, session);
  const usable = attempts.filter((attempt) => 'open' in attempt);
  if (usable.length === attempts.length) return usable;
  session.io.note(complaints(attempts));
  return null;
}

interface Usable {
  readonly file: string;
  readonly text: string;
  readonly open: OpenScenario;
}

/** A scenario, or what is wrong with it, or why it cannot even be read. */
export type Attempt =
  | Usable
  | { readonly file: string; readonly problems: readonly Problem[] }
  | { readonly file: string; readonly refusal: string };

/** Reads and checks all files, whatever is wrong with one of them. */
export async function openEach(files: readonly string[], session: Session): Promise<Attempt[]> {
  const attempts: Attempt[] = [];
  for (const file of files) {
    try {
      const text = scenarioText(file, session);
      const result = await openScenario(text, file, catalogue);
      if (result.ok) attempts.push({ file, text, open: result.open });
      else attempts.push({ file, problems: result.problems });
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      attempts.push({ file, refusal: error.message });
    }
  }
  return attempts;
}

/** All that is wrong with all files, for the error stream; empty when nothing is. */
export function complaints(attempts: readonly Attempt[]): string {
  const refusals = attempts.flatMap((attempt) => ('refusal' in attempt ? [attempt.refusal] : []));
  const problems = attempts.flatMap((attempt) => ('problems' in attempt ? attempt.problems : []));
  const lines = refusals.map((sentence) => `${sentence}\n`).join('');
  return problems.length === 0 ? lines : `${lines}${formatProblems(problems)}`;
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
  const { out = 'out/', log, metrics } = flags;
  const paths = names.map((name) => ({
    trace: flags.trace ? outputPath('--out', out, `${name}.msgpack`, files) : null,
    log: log === undefined ? null : outputPath('--log', log, `${name}.jsonl`, files),
    metrics: metrics === undefined ? null : outputPath('--metrics', metrics, `${name}.prom`, files),
  }));
  return opened.map(({ text, open }, i): Plan => {
    const file = files[i] as string;
    const seed = seeds[i] as string;
    const { trace, log, metrics } = paths[i] as (typeof paths)[number];
    return {
      file,
      text,
      open,
      seed,
      trace: opening(trace),
      log: opening(log),
      metrics: opening(metrics),
    };
  });

  function opening(path: string | null): Output | null {
    return path === null ? null : { path, descriptor: openForWriting(path, files) };
  }
}

/**
 * `split-brain-42`; with its folder where two scenarios have one name, and with a number where
 * that is not enough: no trace replaces another.
 */
function traceNames(files: readonly string[], seeds: readonly string[]): string[] {
  const bases = files.map((file) =>
    file === '-' ? 'stdin' : basename(file).replace(/\.ya?ml$/, ''),
  );
  const taken = new Set<string>();
  return files.map((file, i) => {
    const base = bases[i] as string;
    const isTwin = bases.indexOf(base) !== bases.lastIndexOf(base);
    const folder = isTwin ? `${basename(dirname(file))}-` : '';
    const name = `${folder}${base}-${seeds[i]}`.replaceAll(/[^\p{L}\p{M}\p{N}_.-]+/gu, '-');
    let free = name;
    for (let n = 2; taken.has(free); n++) free = `${name}-${n}`;
    taken.add(free);
    return free;
  });
}

/** What a flag means: a file, or a folder in which it gets its own name. */
function outputPath(flag: string, value: string, name: string, files: readonly string[]): string {
  if (/[/\\]$/.test(value) || isFolder(value)) return join(value, name);
  if (files.length === 1) return value;
  throw new UsageError(`${flag} ${value}: for several scenarios name a folder, ${value}/`);
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
