/** Reads histories of Jepsen, Knossos, Elle and Porcupine's key-value tests: maps of events. */
import { type Edn, EdnError, parseEdn } from './edn.ts';
import { type LogEvent, jepsenEnding, pair } from './pairing.ts';
import { DEEPEST, type FormatName, type Problem, type ReadHistory } from './problem.ts';
import { guessModel, wordsOf } from './words.ts';

/** EDN: one vector of maps, or a map a line. `model` overrules what the operations suggest. */
export function readEdn(text: string, model?: string): ReadHistory {
  try {
    return fromMaps('edn', parseEdn(text), model);
  } catch (error) {
    if (!(error instanceof EdnError)) throw error;
    const problems = [{ line: error.line, message: error.message }];
    return { format: 'edn', history: [], model: null, problems };
  }
}

/** JSON: one array of objects, or an object a line. */
export function readJepsenJson(text: string, model?: string): ReadHistory {
  const { forms, problems } = parseJson(text);
  if (problems.length > 0) return { format: 'jepsen-json', history: [], model: null, problems };
  return fromMaps('jepsen-json', forms as Form[], model);
}

interface Form {
  readonly line: number;
  readonly value: Edn;
}

function fromMaps(format: FormatName, forms: readonly Form[], asked?: string): ReadHistory {
  const problems: Problem[] = [];
  const events: LogEvent[] = [];
  for (const { line, value } of forms) {
    const event = toEvent(line, value, problems);
    if (event !== null) events.push(event);
  }
  if (events.length === 0 && problems.length === 0) {
    const message = 'no operation found: expected {:process … :type … :f …}';
    problems.push({ line: 1, message });
  }
  const model = asked ?? guessModel(events);
  const vocabulary = model === null ? undefined : wordsOf(model);
  if (vocabulary === undefined) {
    const found = [...new Set(events.map(({ f }) => f))].join(', ');
    const message = `the operations (${found}) fit no model or several: name one with --model`;
    if (problems.length === 0) problems.push({ line: events[0]?.line ?? 1, message });
    return { format, history: [], model: null, problems };
  }
  const { words, operations } = vocabulary;
  for (const event of events) {
    const expected = operations.includes(event.f)
      ? words.expected(event)
      : `one of ${operations.join(', ')} for the model ${words.model}`;
    if (expected !== null) {
      problems.push({ line: event.line, message: `${event.f}: expected ${expected}` });
    }
  }
  const history = problems.length > 0 ? [] : pair(events, words, jepsenEnding, problems);
  return { format, history, model, problems };
}

const types: readonly string[] = ['invoke', 'ok', 'fail', 'info'];

/** Null for events that are no client's: the nemesis, whose process is a word. */
function toEvent(line: number, form: Edn, problems: Problem[]): LogEvent | null {
  if (typeof form !== 'object' || form === null || Array.isArray(form)) {
    problems.push({ line, message: 'expected a map with :process, :type, :f and :value' });
    return null;
  }
  const field = (name: string): Edn | undefined => {
    const map = form as { readonly [key: string]: Edn };
    return map[`:${name}`] ?? map[name];
  };
  const process = field('process') ?? line;
  if (typeof process === 'string' && /^:?nemesis/.test(process)) return null;
  const type = word(field('type'));
  const value = field('value');
  const f = word(field('f')) ?? (Array.isArray(value) ? 'txn' : undefined);
  if (type === undefined || !types.includes(type)) {
    problems.push({ line, message: `:type ${type ?? 'missing'}: expected ${types.join(', ')}` });
    return null;
  }
  if (f === undefined) {
    problems.push({ line, message: ':f is missing: expected the name of an operation' });
    return null;
  }
  const key = field('key');
  const error = field('error');
  return {
    line,
    process: textOf(process),
    type: type as LogEvent['type'],
    f,
    value,
    key: key === undefined || key === null ? undefined : textOf(key),
    ...(error === undefined ? {} : { error: textOf(error) }),
  };
}

function word(value: Edn | undefined): string | undefined {
  return typeof value === 'string' ? value.replace(/^:/, '') : undefined;
}

/** Strings as they are, anything else as JSON. */
function textOf(value: Edn): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Values of a JSON text with the lines they start on: an array's members, or a value a line. */
export function parseJson(text: string): JsonForms {
  const { forms, problems } = parseAnyJson(text);
  const [deep] = forms.filter(({ value }) => isTooDeep(value));
  if (deep === undefined) return { forms, problems };
  const message = `expected at most ${DEEPEST} values inside of one another`;
  return { forms: [], problems: [...problems, { line: deep.line, message }] };
}

interface JsonForms {
  forms: { line: number; value: unknown }[];
  problems: Problem[];
}

/** Goes down level by level, for the stack may be too short. */
function isTooDeep(value: unknown): boolean {
  const inside = (item: unknown): unknown[] =>
    typeof item === 'object' && item !== null ? Object.values(item) : [];
  let level = inside(value);
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > DEEPEST) return true;
    level = level.flatMap(inside);
  }
  return false;
}

function parseAnyJson(text: string): JsonForms {
  const problems: Problem[] = [];
  if (text.trimStart().startsWith('[')) {
    try {
      const members = JSON.parse(text) as unknown[];
      return { forms: members.map((value, index) => ({ line: index + 1, value })), problems };
    } catch (error) {
      problems.push({ line: 1, message: `not JSON: ${(error as Error).message}` });
      return { forms: [], problems };
    }
  }
  const forms: { line: number; value: unknown }[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    try {
      forms.push({ line: index + 1, value: JSON.parse(line) });
    } catch {
      problems.push({ line: index + 1, message: 'expected one JSON object on this line' });
    }
  }
  return { forms, problems };
}
