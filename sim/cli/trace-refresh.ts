/** Brings stored traces up to date after a change of a protocol: followed by name, shrunk, kept. */
import { renameSync, writeFileSync } from 'node:fs';
import { keep } from '../property/keep.ts';
import type { Subject } from '../property/subject.ts';
import { packageVersion } from '../registry/version.ts';
import { joinParts, type Trace } from '../trace/index.ts';
import { replayPrepared, runScenario } from '../trace/run-scenario.ts';
import { ExitCode, UsageError } from './exit.ts';
import { codeOf, writingProblem } from './files.ts';
import { Interruption } from './interruption.ts';
import { LiveLine } from './live-line.ts';
import type { Session } from './session.ts';
import type { RefreshFlags } from './trace.ts';
import { caughtIn, openTrace, shrinkEither } from './trace-catch.ts';
import { readTraceFile } from './trace-file.ts';

/** What became of one trace. `bytes` is null when the file stays as it is. */
interface Refreshed {
  readonly outcome: 'same' | 'refreshed' | 'lost';
  readonly text: string;
  readonly bytes: Uint8Array | null;
}

/** Exits with 4 when a violation is not there any more; its file is left alone. */
export async function refreshCommand(
  paths: readonly string[],
  flags: RefreshFlags,
  session: Session,
): Promise<ExitCode> {
  const { io, paint } = session;
  const signs = {
    same: paint.good(paint.yes),
    refreshed: paint.warn('↻'),
    lost: paint.bad(paint.no),
  };
  const interruption = new Interruption(io, 'what was refreshed is kept');
  const counts = { same: 0, refreshed: 0, lost: 0 };
  // All of them are read before the first is written: a wrong name changes nothing.
  const traces = paths.map((path) => ({ path, trace: wholeTrace(path, session) }));
  try {
    for (const { path, trace } of traces) {
      if (interruption.isOn) return ExitCode.interrupted;
      const line = new LiveLine(io, false);
      const { outcome, text, bytes } = await refreshed(trace, line, interruption.passOn);
      counts[outcome]++;
      if (bytes !== null && flags.dryRun !== true) replaceFile(path, bytes);
      io.print(`${signs[outcome]} ${path}: ${text}\n`);
      // Signals are heard only between turns of the event loop.
      await new Promise((resume) => setImmediate(resume));
    }
  } finally {
    interruption.ignore();
  }
  const verb = flags.dryRun === true ? 'would be refreshed' : 'refreshed';
  io.print(`${counts.same} as they were, ${counts.refreshed} ${verb}, ${counts.lost} lost\n`);
  return counts.lost > 0 ? ExitCode.diverged : ExitCode.ok;
}

/** Half a trace is half a run: what is missing cannot be followed. */
function wholeTrace(path: string, session: Session): Trace {
  const { trace, isWhole } = readTraceFile(path, session);
  if (!isWhole) throw new UsageError(`${path}: a damaged trace cannot be refreshed`);
  return trace;
}

async function refreshed(
  trace: Trace,
  line: LiveLine,
  onStart: (interrupt: () => void) => void,
): Promise<Refreshed> {
  const { seed } = trace.header;
  const subject = await openTrace(trace);
  const { divergence } = replayPrepared(trace, subject.prepare(seed));
  if (divergence === null) return { outcome: 'same', text: 'the same run', bytes: null };
  const caught = await caughtIn(trace);
  if (caught === null) return ranAgain(trace, subject);
  const attempt = await shrinkEither(caught, line, onStart);
  const { invariant } = caught.violation;
  if (attempt === null) {
    const text = `its events do not lead to ${invariant} any more: ${divergence.message}`;
    return { outcome: 'lost', text, bytes: null };
  }
  const kept = keep(attempt.caught.subject, attempt.shrunk, attempt.caught.seed);
  if (kept === null)
    return { outcome: 'lost', text: `no scenario leads to ${invariant}`, bytes: null };
  const text = `${invariant}, ${trace.events.length} → ${kept.trace.events.length} events`;
  return { outcome: 'refreshed', text, bytes: kept.bytes };
}

/** A run in which nothing was violated is the run of its scenario, whatever that is now. */
function ranAgain({ header, footer }: Trace, subject: Subject): Refreshed {
  const { seed, mutants, scenario } = header;
  const parts: Uint8Array[] = [];
  const about = { engine: packageVersion(), file: scenario.file, text: scenario.text, mutants };
  const sink = (part: Uint8Array) => void parts.push(part);
  const { violation, hash } = runScenario(subject.prepare(seed), { record: { about, sink } });
  if (violation !== null) {
    return { outcome: 'lost', text: `now violates ${violation.invariant}`, bytes: null };
  }
  const text = `run again, hash ${footer?.hash ?? 'missing'} → ${hash}`;
  return { outcome: 'refreshed', text, bytes: joinParts(parts) };
}

/** The old trace is there until the new one is whole. */
function replaceFile(path: string, bytes: Uint8Array): void {
  const fresh = `${path}.new`;
  try {
    writeFileSync(fresh, bytes);
    renameSync(fresh, path);
  } catch (error) {
    throw new UsageError(writingProblem(path, codeOf(error)));
  }
}
