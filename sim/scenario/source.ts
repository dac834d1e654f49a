/** A YAML text with the places of its parts: from a path in the data to a line and a column. */
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Node,
} from 'yaml';
import type { Located } from './issues.ts';
import type { Problem } from './problems.ts';
import { printable } from './show.ts';

/** A text of a scenario is not longer than this many characters. */
const LONGEST = 4_000_000;

export interface Source {
  /** The data, as plain values; undefined when the text has no usable one. */
  readonly data: unknown;
  /** Problems of the text itself: syntax, duplicate keys, tabs, aliases without anchors. */
  readonly problems: readonly Problem[];
  /** Turns a path into a place. */
  locate(located: Located): Problem;
}

/** Reads a text; whatever it is, nothing is thrown. */
export function readSource(text: string, file: string): Source {
  const lines = text.split(/\r\n|\r|\n/);
  const problem = (line: number, column: number, length: number, message: string): Problem => ({
    file,
    line,
    column,
    length,
    message,
    source: lines[line - 1] ?? '',
  });
  const only = (message: string, line = 1, column = 1): Source => {
    const problems = [problem(line, column, 1, message)];
    return { data: undefined, problems, locate: ({ message: m }) => problem(1, 1, 1, m) };
  };
  if (text.length > LONGEST)
    return only(`the text has ${text.length} characters; expected at most ${LONGEST}`);
  const junk = firstJunk(lines);
  if (junk !== null)
    return only('expected text, found a control character: is this a YAML file?', ...junk);
  const abyss = firstAbyss(lines);
  if (abyss !== null)
    return only(`expected at most ${PARSABLE} levels inside of one another`, ...abyss);

  const counter = new LineCounter();
  let document: Document.Parsed;
  try {
    document = parseDocument(text, { lineCounter: counter, prettyErrors: false, merge: false });
  } catch (error) {
    return only(
      `cannot be read as YAML: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  const at = (from: number, to: number, message: string): Problem => {
    const { line, col } = counter.linePos(Math.min(from, text.length));
    const length = Math.max(1, to - from);
    return problem(Math.max(1, line), Math.max(1, col), length, message);
  };
  const problems = syntaxProblems(document, text, at);
  const data = problems.length > 0 ? undefined : toData(document, at, problems);
  return { data, problems, locate: (located) => locate(document, located, at) };
}

type At = (from: number, to: number, message: string) => Problem;

function syntaxProblems(document: Document.Parsed, text: string, at: At): Problem[] {
  const problems: Problem[] = [];
  let lastLine = -1;
  for (const { code, message, pos } of [...document.errors, ...document.warnings]) {
    const problem = at(
      pos[0],
      pos[0],
      syntaxMessage(code, message, text.slice(pos[0], pos[0] + 100)),
    );
    // One slip makes a parser stumble over the rest of the line.
    if (problem.line === lastLine) continue;
    lastLine = problem.line;
    problems.push(problem);
    if (code === 'MULTIPLE_DOCS') break;
  }
  return problems;
}

function syntaxMessage(code: string, message: string, found: string): string {
  switch (code) {
    case 'TAB_AS_INDENT':
      return 'expected spaces for indentation, found a tab';
    case 'DUPLICATE_KEY':
      return `the key "${firstKey(found)}" is already there: a key may stand only once`;
    case 'MULTIPLE_DOCS':
      return 'expected one document in a file, found a second one behind ---';
    case 'UNEXPECTED_TOKEN':
      if (message.includes('flow-seq-start')) {
        return (
          'a list cannot follow a word inside { … }: write names of nodes without brackets and ' +
          'commas (leader elected in n3 n4), or put the whole text in quotes'
        );
      }
      return `not valid YAML: ${lower(message)}`;
    default:
      return `not valid YAML: ${lower(message)}`;
  }
}

function firstKey(text: string): string {
  return printable(/^[^:\n]*/.exec(text)?.[0] ?? '').trim();
}

function lower(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}

/** The document as plain values; aliases that lead nowhere or explode are problems. */
function toData(document: Document.Parsed, at: At, problems: Problem[]): unknown {
  const anchors = new Set<string>();
  const aliases: (readonly [number, number])[] = [];
  visit(document, {
    Node(_key, node) {
      if (isAlias(node)) {
        aliases.push(rangeOf(node) ?? [0, 1]);
        if (anchors.has(node.source)) return;
        const [from, to] = node.range ?? [0, 0];
        problems.push(at(from, to, `there is no anchor &${node.source} before this alias`));
      } else if (node.anchor !== undefined) anchors.add(node.anchor);
    },
    Pair(_key, { key }) {
      if (isScalar(key) && typeof key.value !== 'object') return;
      const [from, to] = rangeOf(key) ?? [0, 0];
      problems.push(at(from, to, 'expected a word as key'));
    },
  });
  if (problems.length > 0) return undefined;
  try {
    return normalise(document.toJS({ maxAliasCount: 100 }), 0);
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    const why = aliases.length === 0 ? lower(what) : 'its aliases (*name) multiply too much';
    const [from, to] = aliases[0] ?? [0, 1];
    problems.push(at(from, to, `cannot be used: ${why}`));
    return undefined;
  }
}

const GROUP = /^(?:leader|followers|minority|majority|any|region:.+)$/;

/** Turns `{leader: null}`, which YAML reads in an unquoted {leader}, back into '{leader}'. */
function normalise(value: unknown, depth: number): unknown {
  if (depth > DEEPEST) throw new Error(`It is nested more than ${DEEPEST} levels deep`);
  if (Array.isArray(value)) return value.map((item) => normalise(item, depth + 1));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [first] = entries;
  if (entries.length === 1 && first?.[1] === null && GROUP.test(first[0])) return `{${first[0]}}`;
  return Object.fromEntries(entries.map(([key, item]) => [key, normalise(item, depth + 1)]));
}

const DEEPEST = 30;

/** The place of a path: of the value, of its key, or of the nearest thing above that is there. */
function locate(document: Document.Parsed, { path, at: which, message }: Located, at: At): Problem {
  let node: unknown = document.contents;
  let range = rangeOf(node);
  for (const [depth, key] of path.entries()) {
    while (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(
        (item) => isScalar(item.key) && String(item.key.value) === String(key),
      );
      if (pair === undefined) break;
      const isLast = depth === path.length - 1;
      node = pair.value;
      const keyRange = rangeOf(pair.key);
      const valueRange = rangeOf(node);
      // An empty value has no place of its own.
      const empty = valueRange === null || valueRange[0] === valueRange[1];
      range = (isLast && which === 'key') || empty ? keyRange : valueRange;
    } else if (isSeq(node)) {
      const item = node.items[Number(key)];
      if (item === undefined) break;
      node = item;
      range = rangeOf(item) ?? range;
    } else break;
  }
  const [from, to] = range ?? [0, 1];
  return at(from, to, message);
}

/** So many levels the parser can take without running out of stack. */
const PARSABLE = 500;

/**
 * Line and column from which the text is nested deeper than that, in brackets or in items that
 * begin on one line (`- - - x`). Brackets in quotes count, too: no text has so many that stay open.
 */
function firstAbyss(lines: readonly string[]): [number, number] | null {
  let brackets = 0;
  for (const [i, line] of lines.entries()) {
    let items = 0;
    let isStart = true;
    for (let at = 0; at < line.length; at++) {
      const character = line.charAt(at);
      if (character === '[' || character === '{') brackets++;
      else if (character === ']' || character === '}') brackets = Math.max(0, brackets - 1);
      else if (isStart && '-?:'.includes(character)) items++;
      isStart &&= ' \t-?:'.includes(character);
      if (brackets > PARSABLE || items > PARSABLE) return [i + 1, at + 1];
    }
  }
  return null;
}

function rangeOf(node: unknown): readonly [number, number] | null {
  const range = (node as Node | null)?.range;
  return range === null || range === undefined ? null : [range[0], range[1]];
}

/** Line and column of the first character that no YAML text has. */
function firstJunk(lines: readonly string[]): [number, number] | null {
  for (const [i, line] of lines.entries()) {
    // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
    const column = line.search(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffd]/);
    if (column >= 0) return [i + 1, column + 1];
  }
  return null;
}
