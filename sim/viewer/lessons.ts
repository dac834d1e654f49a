/** Lessons: scenarios that teach. Their moments are bound to events by running them. */
import type { World, WorldView } from '../engine/index.ts';
import { awaitCondition, holds, type Wait } from '../faults/condition.ts';
import type { Condition } from '../faults/fault.ts';
import { catalogue, scenarioFiles } from '../registry/index.ts';
import { openScenario } from '../registry/open.ts';
import { packageVersion } from '../registry/version.ts';
import { formatProblems, parseCondition, type Scenario } from '../scenario/index.ts';
import { joinParts } from '../trace/index.ts';
import { runScenario, type RunObserver } from '../trace/run-scenario.ts';
import type { PlayedLesson } from './model/lesson.ts';

type Lesson = NonNullable<Scenario['lesson']>;

export interface LessonEntry {
  /** The scenario's: `raft/figure-8`. */
  readonly id: string;
  readonly text: string;
  readonly name: string;
  readonly protocol: string;
  readonly lesson: Lesson;
}

export interface Played {
  readonly entry: LessonEntry;
  readonly lesson: PlayedLesson;
  /** The trace. */
  readonly bytes: Uint8Array;
  readonly events: number;
  /** The violated invariant; null: none. */
  readonly violated: string | null;
}

const levels = ['intro', 'core', 'deep'] as const;

/** All lessons below a folder, from intro to deep, each level in the order of ids. */
export async function lessonsIn(folder: string): Promise<LessonEntry[]> {
  const found: LessonEntry[] = [];
  for (const { id, text } of scenarioFiles(folder)) {
    if (!/^lesson:/m.test(text)) continue;
    const opened = await openScenario(text, `${id}.yaml`, catalogue);
    if (!opened.ok) throw new Error(formatProblems(opened.problems));
    const { lesson, name, protocol } = opened.open.scenario;
    if (lesson !== undefined) found.push({ id, text, name, protocol, lesson });
  }
  return levels.flatMap((level) => found.filter(({ lesson }) => lesson.level === level));
}

/** Runs a lesson's scenario with its own seed, and finds the events of its moments. */
export async function play(entry: LessonEntry): Promise<Played> {
  const { id, text, lesson } = entry;
  const file = `${id.replace(/^.*\//, '')}.yaml`;
  const opened = await openScenario(text, file, catalogue);
  if (!opened.ok) throw new Error(formatProblems(opened.problems));
  const { open } = opened;
  const { scenario } = open;
  const binding = new Binding(lesson.beats.map(({ when }) => conditionOf(when)));
  const parts: Uint8Array[] = [];
  const about = { engine: packageVersion(), file, text, mutants: scenario.mutants };
  const run = runScenario(open.prepare(String(scenario.seed ?? 1)), {
    observers: [binding],
    record: { about, sink: (part) => void parts.push(part) },
  });
  const beats = lesson.beats.map(({ say, focus = [], pause }, i) => ({
    event: binding.events[i] ?? null,
    say: say.trim(),
    focus,
    pause,
  }));
  const played: PlayedLesson = {
    id,
    title: lesson.title,
    level: lesson.level,
    minutes: lesson.time === undefined ? null : Math.round(lesson.time / 60_000_000),
    question: lesson.question?.trim() ?? null,
    choices: lesson.choices ?? [],
    answer: lesson.answer ?? 0,
    hint: lesson.hint ?? null,
    beats,
    try: lesson.try,
    source: lesson.source,
  };
  const violated = run.violation?.invariant ?? null;
  return { entry, lesson: played, bytes: joinParts(parts), events: run.events, violated };
}

/** Waits for one condition after the other, each from the moment at which the one before held. */
class Binding implements RunObserver {
  readonly events: number[] = [];
  private readonly conditions: readonly Condition[];
  private wait: Wait | null = null;

  constructor(conditions: readonly Condition[]) {
    this.conditions = conditions;
  }

  begin(world: World): void {
    this.await(world);
  }

  afterEvent(view: WorldView, { event, index }: Parameters<RunObserver['afterEvent']>[1]): void {
    // The engine hands out the world itself.
    const world = view as World;
    for (;;) {
      const condition = this.conditions[this.events.length];
      if (condition === undefined || this.wait === null) return;
      if (!holds(world, condition, this.wait, event.actor)) return;
      this.events.push(index);
      this.await(world);
      // Two moments may fall together, but a new leader is only new once.
      if (this.conditions[this.events.length]?.type === 'leader-elected') return;
    }
  }

  private await(world: World): void {
    const next = this.conditions[this.events.length];
    this.wait = next === undefined ? null : awaitCondition(world, next);
  }
}

function conditionOf(text: string): Condition {
  const parsed = parseCondition(text);
  // The scenario has passed its checks.
  if (typeof parsed === 'string') throw new Error(parsed);
  return parsed;
}
