/** Shrinks the run of a trace. */
import { basename } from 'node:path';
import { blockRange } from '../property/blocks.ts';
import { catchOf, searchOf, type Catch } from '../property/hunt.ts';
import { keep, type Kept } from '../property/keep.ts';
import { trySubject, type Subject } from '../property/subject.ts';
import { editScenario } from '../scenario/index.ts';
import { BLOCK, exploreBatch, type Found } from '../search/index.ts';
import { storyOf, storyText, type Shrunk } from '../shrink/index.ts';
import { quoted } from './call.ts';
import { ExitCode, UsageError } from './exit.ts';
import { failureText } from './failure.ts';
import { Interruption } from './interruption.ts';
import { keptPaths, writeKept, type KeptPaths } from './kept-files.ts';
import { LiveLine } from './live-line.ts';
import { wholeNumber } from './numbers.ts';
import { shrunkText } from './search-report.ts';
import type { Session } from './session.ts';
import type { ShrinkFlags } from './shrink.ts';
import { caughtIn, shrinkEither, type Attempt } from './trace-catch.ts';
import { readTraceFile } from './trace-file.ts';

/** Blocks that are searched for each further violation, at most. */
const BLOCKS = 32;

/** A longer run is not told step by step: `schism explain` shows it. */
const TOLD = 40;

/** Returns the exit code. */
export async function shrinkCommand(
  path: string,
  flags: ShrinkFlags,
  session: Session,
): Promise<ExitCode> {
  const { io } = session;
  const wanted = wholeNumber('--polish', flags.polish, 1000);
  const { trace } = readTraceFile(path, session);
  const caught = await caughtIn(trace);
  if (caught === null) {
    throw new UsageError(`${path}: no invariant is violated in this trace: nothing to shrink`);
  }
  if (flags.json !== true) io.print(`${path} · ${caught.violation.invariant}\n\n`);
  const since = io.clock();
  const interruption = new Interruption(io, 'the best so far is kept');
  const attempt = (other: Catch) =>
    shrinkEither(other, new LiveLine(io, flags.json === true), interruption.passOn);
  try {
    let best = await attempt(caught);
    if (best === null) {
      io.note(`${path}: its events do not lead to ${caught.violation.invariant} here\n`);
      return ExitCode.diverged;
    }
    const lengths = [best.shrunk.steps.length];
    for (let block = 0; lengths.length < wanted && !interruption.isOn;) {
      const found = await findAnother(caught, block, interruption);
      if (found === null) break;
      block = Math.floor(found.run / BLOCK) + 1;
      const other = await attempt(catchOf(searchable(caught.subject), found));
      if (other === null) continue;
      lengths.push(other.shrunk.steps.length);
      if (other.shrunk.steps.length < best.shrunk.steps.length) best = other;
    }
    const seconds = (io.clock() - since) / 1000;
    report(path, best, lengths, seconds, flags, session);
    return interruption.isOn ? ExitCode.interrupted : ExitCode.ok;
  } finally {
    interruption.ignore();
  }
}

/** Another violation of the same invariant, from this block of the search on. */
async function findAnother(
  { subject, seed, violation }: Catch,
  first: number,
  interruption: Interruption,
): Promise<Found | null> {
  const search = searchOf(searchable(subject), { seed });
  for (let block = first; block < first + BLOCKS && !interruption.isOn; block++) {
    const { found } = exploreBatch(search, ...blockRange(block, Infinity));
    if (found?.violation.invariant === violation.invariant) return found;
    // Signals are heard only between turns of the event loop.
    await new Promise((resume) => setImmediate(resume));
  }
  return null;
}

/** The scenario without its script, which leads to the violation that is known. */
function searchable(subject: Subject): Subject {
  const text = editScenario(subject.text, [
    { path: ['schedule'], value: undefined },
    { path: ['after_schedule'], value: undefined },
  ]);
  const found = trySubject(text, subject.file, subject.catalogue);
  return typeof found === 'string' ? subject : found;
}

function report(
  path: string,
  { caught, shrunk }: Attempt,
  lengths: readonly number[],
  seconds: number,
  flags: ShrinkFlags,
  session: Session,
): void {
  const { io, call } = session;
  const kept: Kept | null = keep(caught.subject, shrunk, caught.seed);
  const name = `${basename(path).replace(/\.msgpack$/, '')}-shrunk`;
  const paths: KeptPaths | null = kept === null ? null : keptPaths(name, flags.out);
  if (kept !== null && paths !== null) writeKept(kept, paths);
  if (flags.json === true) {
    io.print(`${JSON.stringify(jsonOf(path, shrunk, lengths, paths))}\n`);
    return;
  }
  const isShort = shrunk.steps.length <= TOLD;
  const block = kept === null ? '' : failureText(kept.trace, false, session);
  io.print(`${isShort ? storyText(shrunk) : block}\n${shrunkText(shrunk, seconds)}\n`);
  if (lengths.length > 1) {
    io.print(`  Lengths of ${lengths.length} violations: ${lengths.join(' ')}\n`);
  }
  if (paths === null) return;
  io.print(`\n  Trace     ${paths.trace}\n  Scenario  ${paths.scenario}\n`);
  io.print(`  Replay    ${call} replay ${quoted(paths.trace)}\n`);
}

/** See the help of `schism shrink`. */
function jsonOf(
  path: string,
  shrunk: Shrunk,
  lengths: readonly number[],
  paths: KeptPaths | null,
): object {
  return {
    trace: path,
    outcome: shrunk.isMinimal ? 'minimal' : 'interrupted',
    invariant: shrunk.violation.invariant,
    before: shrunk.before,
    after: shrunk.steps.length,
    replays: shrunk.replays,
    lengths,
    steps: storyOf(shrunk).lines.map(({ label, without }) => ({ label, needed: without })),
    shrunk: paths?.trace ?? null,
    scenario: paths?.scenario ?? null,
  };
}
