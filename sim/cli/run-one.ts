/** One run of one scenario: told, recorded, interruptible. */
import { fstatSync, readFileSync } from 'node:fs';
import type { World } from '../engine/index.ts';
import { LogWriter, Metrics } from '../observe/index.ts';
import type { OpenScenario } from '../registry/open.ts';
import { judge, type Judgement } from '../scenario/judge.ts';
import type { Prepared } from '../scenario/index.ts';
import { joinParts, readTrace, type Sink, type Trace } from '../trace/index.ts';
import { runInSlices, runScenario } from '../trace/run-scenario.ts';
import type { RunObserver, ScenarioRun } from '../trace/run-scenario.ts';
import { RunError, UsageError } from './exit.ts';
import { close, TextOutput, writeBytes, type Output } from './output-file.ts';
import { Progress } from './progress.ts';
import type { RunFlags } from './run.ts';
import type { Session } from './session.ts';
import { Story, type Tale } from './story.ts';
import { packageVersion } from '../registry/version.ts';

export interface Plan {
  readonly file: string;
  readonly text: string;
  readonly open: OpenScenario;
  readonly seed: string;
  /** Where the trace goes; null: nowhere. */
  readonly trace: Output | null;
  readonly log: Output | null;
  readonly metrics: Output | null;
}

export interface Outcome {
  readonly plan: Plan;
  readonly prepared: Prepared;
  readonly run: ScenarioRun;
  /** `unusable`: a step of its script cannot be performed. */
  readonly outcome: Judgement | 'interrupted' | 'unusable';
  readonly tale: Tale;
  /** Present when something is to be shown of it: a violation, or every event. */
  readonly trace: Trace | null;
}

/** Events between two looks at signals and clocks. */
const SLICE = 1024;

export async function runOne(
  plan: Plan,
  flags: RunFlags,
  { io }: Session,
  interrupted: () => boolean,
): Promise<Outcome> {
  const { seed, open, file, text, trace } = plan;
  const prepared = open.prepare(seed);
  const about = { engine: packageVersion(), file, text, mutants: open.scenario.mutants };
  const memory: Uint8Array[] = [];
  const sink = sinkOf(plan, flags.verbose > 0 ? memory : null);
  const story = new Story();
  let world: World | null = null;
  const witness = { begin: (made: World) => void (world = made), afterEvent() {} };
  const reports = reportsOf(plan);
  const observers = [witness, story, ...reports.observers];
  const options = { observers, interrupted, ...(sink === null ? {} : { record: { about, sink } }) };
  const progress = new Progress(io, prepared.limits.untilUs, flags.quiet === true);
  try {
    const run = await drain(runInSlices(prepared, options, SLICE), progress);
    reports.end();
    const outcome = outcomeOf(run, prepared);
    const isTold = run.violation !== null || flags.verbose > 0;
    // What went into a pipe cannot be read again.
    const isKept = trace !== null && fstatSync(trace.descriptor).isFile();
    const read = () => readTrace(isKept ? readFileSync(trace.path) : again()).trace;
    return { plan, prepared, run, outcome, tale: story.finish(), trace: isTold ? read() : null };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const index = (world as World | null)?.eventIndex ?? -1;
    throw new RunError(error, `${file}, seed ${seed}, event ${index}`);
  } finally {
    progress.clear();
    for (const output of [trace, plan.log, plan.metrics]) close(output);
  }

  /** The trace of a run that kept none comes of running it again: it is the same run. */
  function again(): Uint8Array {
    const keep = (part: Uint8Array) => void memory.push(part);
    if (memory.length === 0) runScenario(open.prepare(seed), { record: { about, sink: keep } });
    return joinParts(memory);
  }
}

/** The log and the metrics, if somebody wants them. */
function reportsOf({ log, metrics }: Plan): { observers: RunObserver[]; end: () => void } {
  const lines = log === null ? null : new TextOutput(log);
  const watch = metrics === null ? null : new Metrics();
  const writer = lines === null ? null : new LogWriter((line) => lines.write(line));
  return {
    observers: [writer, watch].filter((one) => one !== null),
    end() {
      lines?.end();
      if (metrics !== null && watch !== null) {
        writeBytes(metrics, new TextEncoder().encode(watch.text()));
      }
    },
  };
}

async function drain(
  slices: Generator<World, ScenarioRun, void>,
  progress: Progress,
): Promise<ScenarioRun> {
  for (;;) {
    const { done, value } = slices.next();
    if (done === true) return value;
    progress.show(value);
    // Signals are heard only between turns of the event loop.
    await new Promise((resume) => setImmediate(resume));
  }
}

function sinkOf({ trace }: Plan, memory: Uint8Array[] | null): Sink | null {
  if (trace !== null) return (part) => writeBytes(trace, part);
  return memory === null ? null : (part) => void memory.push(part);
}

function outcomeOf(
  { script, reason, verdicts }: ScenarioRun,
  { expectation }: Prepared,
): Outcome['outcome'] {
  if (script !== null) return 'unusable';
  if (reason === 'interrupted') return 'interrupted';
  return judge(expectation, verdicts, reason !== 'events');
}
