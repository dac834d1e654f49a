/** From YAML text to a scenario, or to everything that is wrong with it, in one go. */
import type { Catalogue } from './catalogue.ts';
import { checkMeaning } from './check.ts';
import { shapeProblems, type Located } from './issues.ts';
import { sortProblems, type Problem } from './problems.ts';
import { scenarioSchema, type Scenario } from './schema.ts';
import { timelineEntry } from './schema-faults.ts';
import { beat } from './schema-lesson.ts';
import { initialNode, scheduleStep } from './schema-schedule.ts';
import { show } from './show.ts';
import { readSource } from './source.ts';

export interface LoadOptions {
  /** The name under which problems are reported. */
  readonly file: string;
  readonly catalogue: Catalogue;
}

export type Loaded =
  | { readonly ok: true; readonly scenario: Scenario }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Reads a scenario. All problems are found at once, in the order of the file: of the text (then
 * nothing else is looked at), of the shape, and of the meaning of every section whose shape is
 * right. Never throws, whatever the text.
 */
export function loadScenario(text: string, { file, catalogue }: LoadOptions): Loaded {
  const source = readSource(text, file);
  if (source.problems.length > 0) return { ok: false, problems: sortProblems(source.problems) };
  const { data } = source;
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    const found = text.trim() === '' ? 'an empty file' : show(data);
    const expected = 'expected a scenario (a mapping with name, protocol, cluster_config, …)';
    const message = `${expected}, found ${found}`;
    const problem = source.locate({ path: [], at: 'value', message });
    return { ok: false, problems: [problem] };
  }
  const located = [...shapeProblems(scenarioSchema, data), ...meaningProblems(data, catalogue)];
  if (located.length > 0) {
    return { ok: false, problems: sortProblems(located.map((problem) => source.locate(problem))) };
  }
  return { ok: true, scenario: scenarioSchema.parse(data) };
}

/** The module that a text names as its protocol (`./my-protocol.ts`), if it does. */
export function moduleNamedIn(text: string): string | null {
  const { data } = readSource(text, '');
  if (typeof data !== 'object' || data === null || !Object.hasOwn(data, 'protocol')) return null;
  const { protocol } = data as { protocol: unknown };
  return typeof protocol === 'string' && /^\.{1,2}\//.test(protocol) ? protocol : null;
}

/** Checks what can be checked: each section, entry and step whose own shape is right. */
function meaningProblems(data: object, catalogue: Catalogue): Located[] {
  const raw = data as Record<string, unknown>;
  const sections: Record<string, unknown> = {};
  for (const [key, schema] of Object.entries(scenarioSchema.shape)) {
    const result = schema.safeParse(raw[key]);
    if (result.success) sections[key] = result.data;
  }
  const parts = {
    faults: parsedItems(raw['faults'], timelineEntry),
    schedule: parsedItems(raw['schedule'], scheduleStep),
    initial: parsedFields(raw['initial'], initialNode),
    beats: parsedItems((raw['lesson'] as { beats?: unknown } | null | undefined)?.beats, beat),
  };
  return checkMeaning(raw, sections, parts, catalogue);
}

interface Parser<T> {
  safeParse(value: unknown): { success: true; data: T } | { success: false };
}

/** The items of a list whose shape is right, at their places; null where it is not. */
function parsedItems<T>(list: unknown, schema: Parser<T>): (T | null)[] {
  if (!Array.isArray(list)) return [];
  return list.map((item) => {
    const result = schema.safeParse(item);
    return result.success ? result.data : null;
  });
}

/** The fields of a mapping whose shape is right. */
function parsedFields<T>(mapping: unknown, schema: Parser<T>): Map<string, T> {
  const found = new Map<string, T>();
  if (typeof mapping !== 'object' || mapping === null) return found;
  for (const [key, value] of Object.entries(mapping)) {
    const result = schema.safeParse(value);
    if (result.success) found.set(key, result.data);
  }
  return found;
}
