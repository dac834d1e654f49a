/** Reads a TypeScript file just well enough to tell code from comments and from quoted text. */

/** One file under the rules. */
export interface SourceFile {
  /** Relative to the root of the project, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** An import or re-export, as written. */
export interface Import {
  readonly line: number;
  readonly specifier: string;
  /** Only types come through it, so nothing of it remains at run time. */
  readonly typeOnly: boolean;
}

/** A broken rule, and what to do about it. */
export interface Finding {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

/** A file read: in both parts all else is blanked out, so that positions are those of the text. */
export interface Source extends SourceFile {
  /** Without comments, regular expressions and quoted text; the quotes themselves stay. */
  readonly code: string;
  readonly comments: string;
}

/** Tells code and comments apart. */
export function read({ path, text }: SourceFile): Source {
  let code = '';
  let comments = '';
  /** How many braces were open where each open `${` of a template literal began. */
  const templates: number[] = [];
  let braces = 0;
  for (let at = 0; at < text.length;) {
    const char = text.charAt(at);
    const comment = commentEnd(text, at);
    let end = comment ?? at + 1;
    if (comment !== null) comments += text.slice(at, end);
    else if (char === "'" || char === '"') end = quoteEnd(text, at);
    else if (char === '/' && startsRegExp(code)) end = regExpEnd(text, at);
    else if (char === '`') end = templateEnd(text, at + 1);
    else if (char === '{') braces += 1;
    else if (char === '}' && templates.at(-1) === braces) {
      templates.pop();
      end = templateEnd(text, at + 1);
    } else if (char === '}') braces -= 1;
    if (comment === null && end > at + 1 && text.slice(end - 2, end) === '${') {
      templates.push(braces);
    }
    const part = text.slice(at, end);
    code += part.length === 1 ? part : blank(part);
    if (comment === null) comments += part.replace(/[^\n]/g, ' ');
    at = end;
  }
  return { path, text, code, comments };
}

/** All imports and re-exports, dynamic ones included, in the order of the file. */
export function importsOf({ text, code }: Source): Import[] {
  const from = /\b(?:import|export)\b(?<names>[^;'"`()=]*?)\bfrom\s*(?=['"])/g;
  const bare = /\bimport\s*\(?\s*(?=['"])/g;
  const imports: Import[] = [];
  for (const pattern of [from, bare]) {
    for (const match of code.matchAll(pattern)) {
      const quote = match.index + match[0].length;
      const specifier = text.slice(quote + 1, quoteEnd(text, quote) - 1);
      const typeOnly = bringsOnlyTypes(match.groups?.['names'] ?? '');
      imports.push({ line: lineOf(text, match.index), specifier, typeOnly });
    }
  }
  return imports.toSorted((a, b) => a.line - b.line);
}

/** The line, from 1, of a position. */
export function lineOf(text: string, at: number): number {
  return text.slice(0, at).split('\n').length;
}

function bringsOnlyTypes(names: string): boolean {
  if (/^\s*type\s+\S/.test(names)) return true;
  const list = /^\s*\{(?<list>[^}]*)\}\s*$/.exec(names)?.groups?.['list'];
  if (list === undefined) return false;
  const specifiers = list.split(',').filter((name) => name.trim() !== '');
  return specifiers.length > 0 && specifiers.every((name) => /^\s*type\s/.test(name));
}

/** Keeps the line ends, and the two quotes of a quotation. */
function blank(part: string): string {
  const spaces = part.replace(/[^\n]/g, ' ');
  return /^['"]/.test(part) ? part.charAt(0) + spaces.slice(2) + part.charAt(0) : spaces;
}

/** A slash begins a regular expression where no value has just ended. */
function startsRegExp(code: string): boolean {
  const before = code.trimEnd();
  if (/(?:^|\W)(?:return|typeof|case|of|in|yield|void|else)$/.test(before)) return true;
  return !/[\w$)\]}'"]$/.test(before);
}

function regExpEnd(text: string, start: number): number {
  let inClass = false;
  for (let at = start + 1; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '\n') return start + 1;
    if (char === '\\') at += 1;
    else if (char === '[') inClass = true;
    else if (char === ']') inClass = false;
    else if (char === '/' && !inClass) return at + 1;
  }
  return start + 1;
}

/** After the closing quote, or at the end of the line when there is none. */
function quoteEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '\\') at += 1;
    else if (char === text.charAt(start)) return at + 1;
    else if (char === '\n') return at;
  }
  return text.length;
}

/** After the closing backtick or the next `${`, whichever is first. */
function templateEnd(text: string, start: number): number {
  for (let at = start; at < text.length; at += 1) {
    if (text.charAt(at) === '\\') at += 1;
    else if (text.charAt(at) === '`') return at + 1;
    else if (text.startsWith('${', at)) return at + 2;
  }
  return text.length;
}

/** Where the comment that begins here ends; null when none begins. */
function commentEnd(text: string, start: number): number | null {
  if (text.startsWith('/*', start)) {
    const end = text.indexOf('*/', start + 2);
    return end === -1 ? text.length : end + 2;
  }
  if (!text.startsWith('//', start) && !(start === 0 && text.startsWith('#!'))) return null;
  const end = text.indexOf('\n', start);
  return end === -1 ? text.length : end;
}
