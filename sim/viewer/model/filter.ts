/** The one filter box: `node:n3 type:AppendEntries term>2 kind:drop "text" /re/`. */
import { kindNames } from '../../engine/event.ts';
import { labelOf, nameOf } from '../../trace/format.ts';
import { consequences } from '../../trace/line.ts';
import { Flag } from './columns.ts';
import type { Store } from './store.ts';

/** Whether an event is shown. */
type Test = (store: Store, index: number) => boolean;

export interface Filter {
  readonly test: Test;
  /** Parts that could not be understood, each a sentence; they filter nothing. */
  readonly problems: readonly string[];
}

export const filterHelp =
  'node:n3  from:n1  type:AppendEntries  kind:timer|fault|drop|lost|violation  step:10..40  ' +
  'at>1200  term>2  "text"  /regular expression/  -not';

/** Reads a filter; the empty text lets everything through. */
export function parseFilter(text: string): Filter {
  const problems: string[] = [];
  const tests: Test[] = [];
  for (const [part] of text.matchAll(/-?(?:"[^"]*"?|\/(?:[^/\\]|\\.)*\/|\S+)/g)) {
    const isNot = part.startsWith('-') && part.length > 1;
    const test = parsePart(isNot ? part.slice(1) : part);
    if (typeof test === 'string') problems.push(test);
    else tests.push(isNot ? (store, index) => !test(store, index) : test);
  }
  return { test: (store, index) => tests.every((test) => test(store, index)), problems };
}

/** The events that a filter lets through; null: all of them. */
export function filterRows(store: Store, text: string): Int32Array | null {
  if (text.trim() === '') return null;
  const { test } = parseFilter(text);
  const rows: number[] = [];
  for (let i = store.first; i < store.scanned; i++) if (test(store, i)) rows.push(i);
  return Int32Array.from(rows);
}

function parsePart(part: string): Test | string {
  const quoted = /^"([^"]*)"?$/.exec(part);
  if (quoted !== null) return textTest(quoted[1] as string);
  const pattern = /^\/(.+)\/$/.exec(part);
  if (pattern !== null) {
    try {
      const expression = new RegExp(pattern[1] as string, 'i');
      return (store, index) => expression.test(textOf(store, index));
    } catch (error) {
      return `${part} is no regular expression (${(error as Error).message})`;
    }
  }
  const field = /^([a-z][\w.]*)(:|>=|<=|=|>|<)(.+)$/i.exec(part);
  if (field === null) return textTest(part);
  const [, name, operator, value] = field as unknown as [string, string, string, string];
  return operator === ':' ? parseWord(name, value) : parseComparison(name, operator, value);
}

function parseWord(name: string, value: string): Test | string {
  switch (name) {
    case 'node':
    case 'actor':
      return (store, index) => nameOf(store.header, store.columns.actor[index] ?? -1) === value;
    case 'from':
      return (store, index) => nameOf(store.header, store.columns.from[index] ?? -1) === value;
    case 'type':
      return (store, index) => typeOf(store, index).toLowerCase().startsWith(value.toLowerCase());
    case 'kind':
      return kindTest(value);
    case 'step': {
      const range = /^(\d+)(?:\.\.(\d+))?$/.exec(value);
      if (range === null) return `step:${value}: write step:10 or step:10..40`;
      const from = Number(range[1]);
      const to = Number(range[2] ?? range[1]);
      return (_store, index) => index >= from && index <= to;
    }
    default:
      return `there is no "${name}:"; known are node, from, type, kind and step`;
  }
}

function kindTest(value: string): Test | string {
  const tests = value.split('|').map((word): Test | null => {
    const flag = { drop: Flag.dropped, lost: Flag.lost, violation: Flag.violation }[word];
    if (flag !== undefined) return ({ columns }, i) => ((columns.flags[i] ?? 0) & flag) !== 0;
    if (word === 'log') return ({ columns }, i) => ((columns.flags[i] ?? 0) & Flag.logs) !== 0;
    const kind = kindNames.indexOf(word);
    return kind < 0 ? null : ({ columns }, i) => columns.kind[i] === kind;
  });
  const known = tests.filter((test) => test !== null);
  if (known.length < tests.length) {
    return `kind:${value}: known are ${kindNames.join(', ')}, drop, lost, log and violation`;
  }
  return (store, index) => known.some((test) => test(store, index));
}

/** `term>2` looks at the event's time, number, and the fields of what it carries. */
function parseComparison(name: string, operator: string, value: string): Test | string {
  const wanted = /^-?\d+(?:\.\d+)?$/.test(value) ? Number(value) : null;
  if (wanted === null && operator !== '=') return `${name}${operator}${value}: expected a number`;
  return (store, index) => {
    const actual = fieldOf(store, index, name);
    if (actual === undefined) return false;
    if (wanted === null)
      return (typeof actual === 'string' ? actual : JSON.stringify(actual)) === value;
    const number = Number(actual);
    switch (operator) {
      case '>':
        return number > wanted;
      case '<':
        return number < wanted;
      case '>=':
        return number >= wanted;
      case '<=':
        return number <= wanted;
      default:
        return number === wanted;
    }
  };
}

function fieldOf(store: Store, index: number, name: string): unknown {
  if (name === 'step') return index;
  if (name === 'at') return (store.columns.at[index] as number) / 1000;
  const { payload } = store.event(index);
  if (typeof payload !== 'object' || payload === null) return undefined;
  const fields = payload as Readonly<Record<string, unknown>>;
  const command = fields['command'] as Readonly<Record<string, unknown>> | undefined;
  return fields[name] ?? command?.[name];
}

function textTest(wanted: string): Test {
  const lower = wanted.toLowerCase();
  return (store, index) => textOf(store, index).toLowerCase().includes(lower);
}

function textOf(store: Store, index: number): string {
  const event = store.event(index);
  return [labelOf(event), ...consequences(store.header, event)].join(' ');
}

function typeOf({ columns, stems }: Store, index: number): string {
  return stems.texts[columns.stem[index] as number]?.split(' ')[1] ?? '';
}
