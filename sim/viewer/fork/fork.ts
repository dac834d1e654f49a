/** "Fork from here": the run up to a step, some edits, and the same seed from there on. */
import { World } from '../../engine/index.ts';
import type { EndReason, FaultAction, PendingEvent, Violation } from '../../engine/index.ts';
import type { Prepared } from '../../scenario/index.ts';
import { identityOf, type TraceEvent } from '../../trace/format.ts';
import { findExact, findOldest, wantedOf } from '../../trace/find.ts';
import { Recorder, verdictsOf } from '../../trace/recorder.ts';
import { runScenario } from '../../trace/run-scenario.ts';
import { joinParts } from '../../trace/write.ts';
import { editText, type Edit } from './edit.ts';
import { knownDraws, prepareText, rewritten } from './engine.ts';
import type { ForkDone, ForkRequest, RunRequest, WorkerAnswer, WorkerRequest } from './request.ts';
import { ScriptNotes } from './script.ts';

/** Does what the page asks. `version`: of the engine in this page. Never throws. */
export function answer(request: WorkerRequest, version: string): WorkerAnswer {
  try {
    return request.type === 'run' ? rerun(request, version) : fork(request, version);
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error));
  }
}

/** Runs a scenario from its beginning. */
function rerun({ text, file, seed }: RunRequest, version: string): WorkerAnswer {
  const prepared = prepareText(text, file, seed);
  if (typeof prepared === 'string') return failed(prepared);
  const parts: Uint8Array[] = [];
  const about = { engine: version, file, text, mutants: prepared.scenario.mutants };
  const sink = (part: Uint8Array) => void parts.push(part);
  const run = runScenario(prepared, { record: { about, sink } });
  const { hash, events, violation, script } = run;
  if (script !== null) return failed(`step ${script.step + 1} of the schedule: ${script.reason}`);
  const bytes = joinParts(parts);
  return { type: 'done', bytes, hash, events, violation: told(violation), yaml: null, notes: [] };
}

function fork(request: ForkRequest, version: string): WorkerAnswer {
  const { header, before } = request;
  const { text, file } = header.scenario;
  const prepared = prepareText(text, file, header.seed);
  if (typeof prepared === 'string') return failed(prepared);
  const parts: Uint8Array[] = [];
  const about = { engine: version, file, text, mutants: header.mutants };
  const draws = [request.start, ...before, ...request.after].flatMap((one) => one.draws ?? []);
  const strategy = knownDraws(header.order, draws);
  const recorder = new Recorder(about, strategy, (part) => void parts.push(part));
  const world = new World(prepared.world, recorder.strategy, recorder);
  recorder.begin(world);
  const branch = new Branch(world);
  const lost = branch.repeat(before);
  if (lost !== null) return failed(versionsDiffer(lost, header.engine, version));
  const refused = branch.edit(request.edits);
  if (refused !== null) return failed(refused);
  if (request.onward === 'follow') branch.follow(request.after);
  const reason = request.onward === 'run' ? branch.runOn(prepared) : branch.stop();
  const hash = recorder.finish(reason, verdicts(world));
  const isSteered = draws.length > 0;
  const done: ForkDone = {
    type: 'done',
    bytes: joinParts(parts),
    hash,
    events: world.counters.events,
    violation: told(world.violation),
    yaml: isSteered ? null : yamlOf(request, prepared, branch.script),
    notes: isSteered ? [steered] : [],
  };
  return done;
}

const steered =
  'a search chose durations in this run that its seed does not explain: it cannot be written as ' +
  'a scenario, only as a trace';

function versionsDiffer(event: string, made: string, here: string): string {
  const reason = made === here ? '' : ` (it was made by version ${made}, this page is ${here})`;
  return `the run cannot be repeated here: ${event} is not pending${reason}`;
}

/** A world that is led along the old run, and then away from it. */
class Branch {
  readonly script = new ScriptNotes();
  private readonly world: World;
  private readonly delayed: { event: PendingEvent; until: number }[] = [];

  constructor(world: World) {
    this.world = world;
  }

  /** Performs the events of the old run by their names; the first that is not there, or null. */
  repeat(events: readonly TraceEvent[]): string | null {
    const { world } = this;
    for (const event of events) {
      world.next();
      const pending = findExact(world, event);
      if (pending !== null) this.perform(pending, false);
      else if (event.kind === 'fault') this.fault(event.payload as FaultAction, event.at);
      else return identityOf(event);
    }
    this.script.need();
    return null;
  }

  /** A sentence when an edit cannot be made. */
  edit(edits: readonly Edit[]): string | null {
    for (const edit of edits) {
      if (this.world.violation !== null) return 'the run has ended at its violation';
      const problem = this.make(edit);
      if (problem !== null) return `cannot ${editText(edit)}: ${problem}`;
    }
    return null;
  }

  /** Follows names as far as they lead, as a lenient replay does. */
  follow(events: readonly TraceEvent[]): void {
    const { world } = this;
    for (const event of events) {
      if (world.violation !== null) break;
      this.release();
      world.next();
      const pending = this.find(event);
      if (pending !== null) this.perform(pending, false);
      else if (event.kind === 'fault') this.fault(event.payload as FaultAction, event.at);
    }
    while (this.delayed.length > 0 && world.violation === null) this.deliverFirst();
    this.script.need();
  }

  /** Goes on in the order of virtual time. */
  runOn({ limits }: Prepared): EndReason {
    const { world } = this;
    const last = world.counters.events + limits.maxEvents;
    while (world.violation === null) {
      if (world.counters.events >= last) return 'events';
      this.release();
      if (world.violation !== null) break;
      const event = world.next();
      if (event === null && this.delayed.length > 0) this.deliverFirst();
      else if (event === null) return this.end('quiet');
      else if (world.schedule.nextTime > limits.untilUs) {
        world.now = Math.max(world.now, limits.untilUs);
        return this.end('time');
      } else this.perform(event, false);
    }
    return 'violation';
  }

  stop(): EndReason {
    return this.world.violation === null ? this.end('quiet') : 'violation';
  }

  private end(reason: EndReason): EndReason {
    return this.world.finish() === null ? reason : 'violation';
  }

  private make(edit: Edit): string | null {
    const { world } = this;
    switch (edit.type) {
      case 'drop':
      case 'duplicate': {
        if (this.pending(edit.event) === null) return 'it is not on its way at this step';
        const kind = edit.type === 'drop' ? 'lose' : 'repeat';
        this.fault({ kind, message: edit.event }, world.now);
        return null;
      }
      case 'deliver': {
        const event = this.pending(edit.event);
        if (event === null) return 'it is not pending at this step';
        this.perform(event, true);
        return null;
      }
      case 'delay': {
        const event = this.pending(edit.event);
        if (event === null) return 'it is not pending at this step';
        world.schedule.hold(event);
        this.delayed.push({ event, until: event.at + edit.byUs });
        return null;
      }
      case 'cut':
        this.fault({ kind: 'partition', sides: edit.sides }, world.now);
        return null;
      case 'heal':
        this.fault({ kind: 'heal', what: 'all' }, world.now);
        return null;
      default:
        this.fault({ kind: edit.type, nodes: [edit.node] }, world.now);
        return null;
    }
  }

  /**
   * Delivers what was held back long enough. A trace has no clock of its own between its events,
   * so a message that is delayed arrives with the first event at or behind its new time.
   */
  private release(): void {
    const due = this.delayed.findIndex(({ until }) => until <= this.world.now);
    if (due < 0 || this.world.violation !== null) return;
    for (const { event } of this.delayed.splice(due, 1)) this.performHeld(event);
    this.release();
  }

  private deliverFirst(): void {
    this.delayed.sort((a, b) => a.until - b.until);
    const first = this.delayed.shift();
    if (first !== undefined) this.performHeld(first.event);
  }

  /** Holding moved it to another slot: it is found again by its number. */
  private performHeld({ id }: PendingEvent): void {
    let held: PendingEvent | null = null;
    this.world.schedule.each((event) => {
      if (event.id === id) held = event;
    });
    if (held !== null) this.perform(held, true);
  }

  private find(event: TraceEvent): PendingEvent | null {
    const wanted = wantedOf(this.world, identityOf(event));
    if (wanted === null) return null;
    const exact = this.unheld(findOldest(this.world, wanted, event.nth));
    if (exact !== null || event.kind === 'fault') return exact;
    return this.unheld(findOldest(this.world, { ...wanted, content: null }));
  }

  private unheld(event: PendingEvent | null): PendingEvent | null {
    return this.delayed.some((one) => one.event.id === event?.id) ? null : event;
  }

  private pending(identity: string): PendingEvent | null {
    this.world.next();
    const wanted = wantedOf(this.world, identity);
    return wanted === null ? null : findOldest(this.world, wanted);
  }

  private fault(action: FaultAction, at: number): void {
    this.perform(this.world.scheduleFault(Math.max(this.world.now, at), action), true);
  }

  private perform(event: PendingEvent, isOwn: boolean): void {
    this.script.event(this.world, event, isOwn);
    this.world.perform(event);
  }
}

/** What a run has not put to the test is unknown. */
function verdicts(world: World) {
  const open = new Set(world.unjudged);
  return verdictsOf(world).map((verdict) =>
    open.has(verdict.id) && verdict.outcome === 'holds'
      ? { ...verdict, outcome: 'unknown' as const }
      : verdict,
  );
}

/** The same run as a scenario: its schedule says what the seed alone would not bring about. */
function yamlOf(request: ForkRequest, { scenario }: Prepared, script: ScriptNotes): string {
  const { header, onward } = request;
  const isFree = onward === 'run';
  return rewritten(header.scenario.text, {
    seed: /^\d{1,15}$/.test(header.seed) ? Number(header.seed) : header.seed,
    schedule: isFree ? script.steps.slice(0, script.needed) : script.steps,
    after_schedule: isFree ? 'continue' : 'stop',
    expect: scenario.expect,
    lesson: undefined,
  });
}

function told(violation: Violation | null): ForkDone['violation'] {
  if (violation === null) return null;
  const { invariant, message } = violation;
  return { invariant, message };
}

function failed(problem: string): WorkerAnswer {
  return { type: 'failed', problem };
}
