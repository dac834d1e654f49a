/** A run's events by name, and in words. */
import { eventLabel, runPrefix, timed, World } from '../engine/index.ts';
import type { PendingEvent, PrefixFailure, Strategy } from '../engine/index.ts';
import { StepNotes } from '../search/index.ts';
import type { Step } from '../trace/index.ts';
import type { Subject } from './subject.ts';

/** What there is to say of a run. */
export interface Told {
  readonly steps: readonly Step[];
  /** For people: `n2<-n1 AppendEntries term=3 prev=4 +2`. */
  readonly labels: readonly string[];
  /** What is wrong was seen only when the run was over. */
  readonly atEnd: boolean;
}

/** Takes down each event of a world by its name and its label. */
export class Notes extends StepNotes {
  readonly labels: string[] = [];
  private watched: World | null = null;

  override watch(world: World): void {
    super.watch(world);
    this.watched = world;
  }

  override beforeEvent(event: PendingEvent): void {
    super.beforeEvent(event);
    if (this.watched !== null) this.labels.push(eventLabel(this.watched, event));
  }
}

/** A world in which the schedule of the scenario has happened, and the events that it took. */
export interface Begun {
  readonly world: World;
  readonly failure: PrefixFailure | null;
  readonly steps: readonly Step[];
  readonly labels: readonly string[];
}

export function begin(subject: Subject, seed: string, strategy: Strategy = timed): Begun {
  const { world: config, prefix } = subject.prepare(seed);
  const world = new World(config, strategy);
  if (prefix.length === 0) return { world, failure: null, steps: [], labels: [] };
  const notes = new Notes();
  notes.watch(world);
  const failure = runPrefix(world, prefix);
  world.observer = null;
  const { steps, labels } = notes;
  return { world, failure, steps, labels };
}
