/** A parser for EDN, the notation of Jepsen's histories (github.com/edn-format/edn). */
import { DEEPEST } from './problem.ts';

/** Keywords keep their colon; sets and lists become arrays; tags are dropped, values kept. */
export type Edn = null | boolean | number | string | readonly Edn[] | EdnMap;
export interface EdnMap {
  readonly [key: string]: Edn;
}

/** A top-level form with the line it starts on, counted from 1. */
export interface EdnForm {
  readonly line: number;
  readonly value: Edn;
}

/** Thrown on text that is not EDN. */
export class EdnError extends Error {
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/** Parses all forms of a text. When the text is one vector, its members are the forms. */
export function parseEdn(text: string): EdnForm[] {
  const reader = new Reader(text);
  const forms: EdnForm[] = [];
  if (reader.peek() === '[' && reader.isOneVector()) {
    reader.next();
    while (reader.peek() !== ']') forms.push(reader.form());
    reader.next();
    reader.expectEnd();
    return forms;
  }
  while (reader.peek() !== '') forms.push(reader.form());
  return forms;
}

const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '"': '"',
  '\\': '\\',
};
const names: Readonly<Record<string, string>> = {
  newline: '\n',
  space: ' ',
  tab: '\t',
  return: '\r',
};

class Reader {
  private readonly text: string;
  private position = 0;
  private line = 1;
  private depth = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** The next character that is not blank or comment; '' at the end. */
  peek(): string {
    for (;;) {
      const character = this.text[this.position] ?? '';
      if (character === '\n') this.line += 1;
      if (character === ';') {
        const end = this.text.indexOf('\n', this.position);
        this.position = end < 0 ? this.text.length : end;
      } else if (character !== '' && /[\s,]/.test(character)) this.position += 1;
      else if (this.text.startsWith('#_', this.position)) {
        this.position += 2;
        this.value();
      } else return character;
    }
  }

  next(): void {
    this.position += 1;
  }

  /** Throws when the vector that was the whole text is not. */
  expectEnd(): void {
    if (this.peek() !== '') throw this.error('nothing after the ] that ends the history');
  }

  /** Whether the text is a single vector of maps (and not a map a line). */
  isOneVector(): boolean {
    return /^\[\s*(\]|\{|#|;)/.test(this.text.slice(this.position, this.position + 200));
  }

  form(): EdnForm {
    this.peek();
    const { line } = this;
    return { line, value: this.value() };
  }

  private value(): Edn {
    this.depth += 1;
    if (this.depth > DEEPEST) throw this.error(`at most ${DEEPEST} values inside of one another`);
    const value = this.bareValue();
    this.depth -= 1;
    return value;
  }

  private bareValue(): Edn {
    const character = this.peek();
    if (character === '') throw this.error('a value, but the text ends here');
    if (character === '"') return this.string();
    if (character === '{') return this.map();
    if (character === '(' || character === '[') return this.sequence(character);
    if (character === '#') return this.tagged();
    if (character === '\\') return this.character();
    if (character in { ')': 0, ']': 0, '}': 0 }) throw this.error(`a value, not ${character}`);
    return this.atom();
  }

  private sequence(open: string): Edn[] {
    const from = this.line;
    const close = closing[open] ?? '';
    this.next();
    const members: Edn[] = [];
    for (let character = this.peek(); character !== close; character = this.peek()) {
      if (character === '') throw this.error(`${close} to close the ${open} of line ${from}`);
      members.push(this.value());
    }
    this.next();
    return members;
  }

  private map(): EdnMap {
    const { line } = this;
    const members = this.sequence('{');
    if (members.length % 2 === 1) throw new EdnError(line, 'a map has a key without a value');
    const entries: [string, Edn][] = [];
    for (let i = 0; i < members.length; i += 2) {
      const key = members[i] ?? null;
      entries.push([typeof key === 'string' ? key : JSON.stringify(key), members[i + 1] ?? null]);
    }
    return Object.fromEntries(entries);
  }

  private tagged(): Edn {
    this.next();
    if (this.text[this.position] === '{') return this.sequence('{');
    const tag = this.token();
    if (tag === '#NaN') return NaN;
    return this.value();
  }

  private string(): string {
    const from = this.line;
    let result = '';
    for (let at = this.position + 1; at < this.text.length; at += 1) {
      const character = this.text[at] ?? '';
      if (character === '\n') this.line += 1;
      if (character === '"') {
        this.position = at + 1;
        return result;
      }
      if (character !== '\\') {
        result += character;
        continue;
      }
      at += 1;
      const escape = this.text[at] ?? '';
      if (escape === 'u') {
        result += String.fromCharCode(Number.parseInt(this.text.slice(at + 1, at + 5), 16));
        at += 4;
      } else result += escapes[escape] ?? escape;
    }
    throw new EdnError(from, 'expected " to close the string that begins here');
  }

  private character(): string {
    this.next();
    const first = this.text[this.position] ?? '';
    this.next();
    const name = first + (/\w/.test(first) ? this.token() : '');
    return names[name] ?? name;
  }

  private token(): string {
    const match = /[^\s,()[\]{}";]*/y;
    match.lastIndex = this.position;
    const [token] = match.exec(this.text) ?? [''];
    this.position += token.length;
    return token;
  }

  private atom(): Edn {
    const token = this.token();
    if (token === 'nil') return null;
    if (token === 'true' || token === 'false') return token === 'true';
    const number = /^([+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)[NM]?$/.exec(token);
    if (number !== null) return Number(number[1]);
    return token;
  }

  private error(expected: string): EdnError {
    return new EdnError(this.line, `expected ${expected}`);
  }
}
