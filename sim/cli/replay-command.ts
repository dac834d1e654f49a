/** Runs a trace again, strictly or leniently. */
import type { Violation } from '../engine/index.ts';
import type { Prepared } from '../scenario/index.ts';
import type { Divergence, Trace } from '../trace/index.ts';
import { followPrepared, replayPrepared } from '../trace/run-scenario.ts';
import { ExitCode } from './exit.ts';
import type { ReplayFlags } from './replay.ts';
import type { Session } from './session.ts';
import { count } from './story/words.ts';
import { openTrace } from './trace-catch.ts';
import { readTraceFile } from './trace-file.ts';
import { packageVersion } from '../registry/version.ts';

/** Returns the exit code. */
export async function replayCommand(
  path: string,
  flags: ReplayFlags,
  session: Session,
): Promise<ExitCode> {
  const { trace, isWhole } = readTraceFile(path, session);
  const { header } = trace;
  const version = packageVersion();
  if (header.engine !== version) {
    session.io.note(`the trace is by schism ${header.engine}, this is ${version}\n`);
  }
  const prepared = (await openTrace(trace)).prepare(header.seed);
  if (flags.json !== true) session.io.print(`${path} · seed ${header.seed}\n`);
  return flags.lenient === true
    ? lenient(path, trace, prepared, flags, session)
    : strict(path, trace, isWhole, prepared, flags, session);
}

function strict(
  path: string,
  trace: Trace,
  isWhole: boolean,
  prepared: Prepared,
  flags: ReplayFlags,
  { io, paint }: Session,
): ExitCode {
  const report = replayPrepared(trace, prepared);
  const { divergence, events, hash, violation } = report;
  const outcome = divergence !== null ? 'diverged' : isWhole ? 'same' : 'incomplete';
  const { seed } = trace.header;
  if (flags.json === true) {
    const result = { trace: path, outcome, seed, events, hash, violation, divergence };
    io.print(`${JSON.stringify(result)}\n`);
  } else if (divergence !== null) {
    io.print(`${paint.bad(`${paint.no} diverged`)} ${divergedText(divergence)}\n`);
    io.print(`seed ${seed} · the first ${count(events, 'event')} are the same\n`);
  } else {
    const all = isWhole ? 'the same run' : 'the part that is left is the same run';
    const sign = isWhole ? paint.good(paint.yes) : paint.warn(paint.open);
    io.print(`${sign} ${all}: times, messages, faults and states\n`);
    if (violation !== null) io.print(`  ${violationText(violation)}\n`);
    io.print(`seed ${seed} · ${count(events, 'event')} · hash ${hash}\n`);
  }
  if (divergence !== null) return ExitCode.diverged;
  return isWhole ? ExitCode.ok : ExitCode.usage;
}

function lenient(
  path: string,
  trace: Trace,
  prepared: Prepared,
  flags: ReplayFlags,
  { io, paint }: Session,
): ExitCode {
  const { world, followed } = followPrepared(trace, prepared);
  const { violation } = world;
  const performed = followed.performed.length;
  const inexact = followed.inexact.length;
  const skipped = followed.skipped.length;
  const { seed } = trace.header;
  if (flags.json === true) {
    const counts = { performed, inexact, skipped };
    const result = { trace: path, outcome: 'followed', seed, events: performed, violation };
    io.print(`${JSON.stringify({ ...result, followed: counts })}\n`);
  } else {
    const events = trace.events.length;
    io.print(`followed ${performed} of ${count(events, 'event')}: ${skipped} skipped, `);
    io.print(`${inexact} with another content\n`);
    if (violation === null) io.print(`${paint.good(paint.yes)} no invariant is violated\n`);
    else io.print(`${paint.bad(paint.no)} ${violationText(violation)}\n`);
    io.print(`seed ${seed}\n`);
  }
  return violation === null ? ExitCode.ok : ExitCode.violated;
}

function divergedText({ index, message }: Divergence): string {
  return index < 0 ? `at the beginning: ${message}` : `at event ${index}: ${message}`;
}

function violationText({ invariant, message, event }: Violation): string {
  return `${invariant} violated at event ${event}: ${message}`;
}
