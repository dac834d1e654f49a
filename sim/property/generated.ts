/** A scenario that was generated: a value that runs when it is asked how it ended. */
import * as fc from 'fast-check';
import type { Violation, World } from '../engine/index.ts';
import { Recorder, type ClientHistory } from '../history/recorder.ts';
import { packageVersion } from '../registry/version.ts';
import { joinParts, readTrace } from '../trace/index.ts';
import { runScenario, type ScenarioRun } from '../trace/run-scenario.ts';
import type { Kept } from './keep.ts';
import { subject, type ProtocolModule, type Subject, type SubjectInput } from './subject.ts';

export class GeneratedScenario {
  readonly subject: Subject;
  readonly seed: string;
  private done: ScenarioRun | null = null;

  constructor(input: SubjectInput, seed: string, module?: ProtocolModule) {
    this.subject = subject(input, module);
    this.seed = seed;
  }

  /** The run, in the order of virtual time; executed once. */
  get run(): ScenarioRun {
    this.done ??= runScenario(this.subject.prepare(this.seed));
    return this.done;
  }

  get violation(): Violation | null {
    return this.run.violation;
  }

  /** The world at the end of the run: only to be looked at. */
  get world(): World {
    return this.run.world;
  }

  /** What its clients did and saw. */
  get history(): ClientHistory {
    return historyOf(this.world);
  }

  /** Whether nothing is violated; with an id, whether that invariant is not. */
  holds(invariant?: string): boolean {
    const { violation } = this;
    return violation === null || (invariant !== undefined && violation.invariant !== invariant);
  }

  /** The scenario, and a trace of its run. */
  keep(): Kept | null {
    const { text, file, scenario } = this.subject;
    const parts: Uint8Array[] = [];
    const about = { engine: packageVersion(), file, text, mutants: scenario.mutants };
    const sink = (part: Uint8Array) => void parts.push(part);
    runScenario(this.subject.prepare(this.seed), { record: { about, sink } });
    const bytes = joinParts(parts);
    const { trace } = readTrace(bytes);
    return trace === null ? null : { text, hasSchedule: true, bytes, trace };
  }

  /** YAML. */
  toString(): string {
    return this.subject.text.trimEnd();
  }

  [fc.toStringMethod](): string {
    return this.toString();
  }
}

/** What the clients of a world did and saw, if somebody took it down. */
export function historyOf(world: World): ClientHistory {
  const history = world.clientsConfig?.history;
  return history instanceof Recorder ? history.history() : [];
}
