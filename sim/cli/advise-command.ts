/** Reads a context, and prints what is recommended; rehearses it if asked to. */
import {
  advise,
  loadContext,
  outputOf,
  rehearse,
  reportPage,
  reportSvg,
  verdictOf,
  type Advice,
  type Rehearsal,
} from '../advisor/index.ts';
import { formatProblems, type Problem } from '../scenario/index.ts';
import type { AdviseFlags } from './advise.ts';
import { adviceText } from './advise-text.ts';
import { attempts } from './attempts.ts';
import { ExitCode, UsageError } from './exit.ts';
import { readBytes, writeText } from './files.ts';
import { wholeNumber } from './numbers.ts';
import { rehearsalJson } from './rehearsal-json.ts';
import { rehearsalText } from './rehearsal-text.ts';
import { parseSeed } from './seed.ts';
import type { Session } from './session.ts';

export async function adviseCommand(
  file: string,
  flags: AdviseFlags,
  session: Session,
): Promise<ExitCode> {
  const { io } = session;
  const { seed, runs } = checked(flags);
  const text = new TextDecoder().decode(readBytes(file, io, '.yaml'));
  const loaded = loadContext(text, file);
  if (!loaded.ok) {
    refuse(file, loaded.problems, flags, session);
    return ExitCode.usage;
  }
  const advice = advise(loaded.context);
  if (flags.json !== true) io.print(adviceText(file, advice, session));
  const rehearsal = flags.rehearse === true ? rehearsed(advice, seed, runs, session) : null;
  if (flags.report !== undefined) report(flags.report, file, advice, rehearsal, session);
  if (flags.json === true) {
    const more = rehearsal === null ? {} : { rehearsal: rehearsalJson(rehearsal) };
    io.print(`${JSON.stringify({ ...outputOf(advice), ...more })}\n`);
  } else if (rehearsal !== null) io.print(`\n${rehearsalText(rehearsal, session)}`);
  return rehearsal === null ? ExitCode.ok : codes[verdictOf(rehearsal)];
}

/** The flags of a rehearsal. Throws a UsageError that says all that is wrong with the flags. */
function checked(flags: AdviseFlags): { readonly seed: string; readonly runs: number } {
  const problems: string[] = [];
  const attempt = attempts(problems);
  const seed = attempt(() => parseSeed(flags.seed ?? '1'));
  const runs = attempt(() => wholeNumber('--runs', flags.runs, 1000));
  attempt(() => checkReport(flags));
  if (seed === null || runs === null || problems.length > 0) {
    throw new UsageError(problems.join('\n'));
  }
  return { seed, runs };
}

/** Refuses a --report of which the ending of its name says that nothing can come of it. */
function checkReport({ report: path, rehearse: isRehearsed }: AdviseFlags): void {
  if (path === undefined || /\.html?$/i.test(path)) return;
  if (!isPicture(path)) {
    throw new UsageError(`--report ${path}: expected a name that ends in .html or .svg`);
  }
  if (isRehearsed === true) return;
  throw new UsageError(`--report ${path}: an .svg shows a rehearsal, add --rehearse`);
}

function isPicture(path: string): boolean {
  return /\.svg$/i.test(path);
}

function report(
  path: string,
  file: string,
  advice: Advice,
  rehearsal: Rehearsal | null,
  { io }: Session,
): void {
  if (!isPicture(path)) writeText(path, reportPage(advice, rehearsal), [file]);
  else if (rehearsal?.possible === true) writeText(path, reportSvg(rehearsal), [file]);
  else io.note(`nothing was rehearsed, so there is no picture: ${path} is not written\n`);
}

const codes = {
  passed: ExitCode.ok,
  failed: ExitCode.violated,
  inconclusive: ExitCode.inconclusive,
} as const;

/** With a line that counts the runs, where somebody looks. */
function rehearsed(advice: Advice, seed: string, runs: number, { io }: Session): Rehearsal {
  const progress = (done: number, of: number) => {
    if (io.err.isTty) io.note(`\rrehearsing: run ${done + 1} of ${of}`);
  };
  const rehearsal = rehearse(advice, { seed, runs, progress });
  if (io.err.isTty) io.note('\r\u001b[K');
  return rehearsal;
}

function refuse(
  file: string,
  found: readonly Problem[],
  { json }: AdviseFlags,
  { io }: Session,
): void {
  if (json !== true) {
    io.note(formatProblems(found));
    return;
  }
  const problems = found.map(({ line, column, message }) => ({ line, column, message }));
  io.print(`${JSON.stringify({ file, valid: false, problems })}\n`);
}
