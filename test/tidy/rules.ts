/** The rules of the style guide that a machine can check, each as a function of one file. */
import * as determinism from '../../lint/determinism.mjs';
import { checkLayers, coreFolders, isIn } from './layers.ts';
import { lineOf, read, type Finding, type Source, type SourceFile } from './source.ts';

export const maxLines = 320;
export const maxColumns = 100;

/** All findings of one file. */
export function check(file: SourceFile): Finding[] {
  const source = read(file);
  return [
    checkSize,
    checkPurpose,
    checkExports,
    checkLeftovers,
    checkBannedWords,
    checkTests,
    checkLayers,
  ].flatMap((rule) => rule(source));
}

/** A file stays within its size, and its lines within a page. */
function checkSize({ path, text }: Source): Finding[] {
  const lines = text.replace(/\n$/, '').split('\n');
  const findings = lines.flatMap((content, index) => {
    const width = Array.from(content).length;
    const message = `${width} columns; break the line at ${maxColumns}`;
    return width > maxColumns ? [{ path, line: index + 1, message }] : [];
  });
  if (lines.length <= maxLines) return findings;
  const message = `${lines.length} lines; split it by subject, at most ${maxLines} lines each`;
  return [...findings, { path, line: maxLines + 1, message }];
}

/** A file says first what it is for. */
function checkPurpose({ path, text }: Source): Finding[] {
  const lines = text.split('\n');
  const first = lines[0]?.startsWith('#!') === true ? 1 : 0;
  if (/^(?:\/\*\*|\/\/)/.test(lines[first] ?? '')) return [];
  return [{ path, line: first + 1, message: 'begin with a comment of one sentence: what for?' }];
}

/** One way to import a thing: by its name. A plugin of oxlint has to export itself as default. */
function checkExports(file: Source): Finding[] {
  if (isIn(file.path, 'lint') || isIn(file.path, 'types')) return [];
  return find(file, /\bexport\s+default\b|\bas\s+default\b/g, () => 'export it by its name');
}

/** Nothing is left for later. */
function checkLeftovers({ path, text, comments }: Source): Finding[] {
  const notes = comments.matchAll(/\b(?:TODO|FIXME|XXX)\b/g);
  return findings(path, text, notes, (word) => `${word}: do it now, or decide against it`);
}

/** Core code has no clock, no chance and no order of its own. */
function checkBannedWords(file: Source): Finding[] {
  if (!coreFolders.some((folder) => isIn(file.path, folder))) return [];
  return bannedWords.flatMap(([pattern, advice]) =>
    find(file, pattern, (word) => `${word.trim()}: ${advice}`),
  );
}

/** A test that does not run proves nothing. `skipIf` is honest when it says so on the console. */
function checkTests(file: Source): Finding[] {
  if (!file.path.endsWith('.test.ts')) return [];
  const asleep = /\b(?:test|it|describe|suite|bench)\b[\w.]*\.(?:only|skip|todo)\b/g;
  const found = find(file, asleep, (word) => `${word}: let it run, or delete it`);
  if (/\bconsole\.\w+\(/.test(file.code)) return found;
  return found.concat(find(file, /\.(?:skipIf|runIf)\b/g, () => 'print why the test is skipped'));
}

const named = (names: ReadonlyMap<string, string>, before: string, after = '') =>
  [...names].map(([name, advice]): [RegExp, string] => [
    new RegExp(`${before}${name}\\b${after}`, 'g'),
    advice,
  ]);

/** Each word with its replacement; the same tables as the lint rules. */
const bannedWords: readonly (readonly [RegExp, string])[] = [
  // Not a member (`entry.Date`) and not a key (`Date: 1`).
  ...named(determinism.bannedGlobals, String.raw`(?<![\w$.])`, String.raw`(?!\s*\??:)`),
  ...named(determinism.bannedMath, String.raw`\bMath\s*\.\s*`),
  ...named(determinism.bannedMethods, String.raw`\.`),
  [/\*\*/g, determinism.powerAdvice],
  [/\.(?:sort|toSorted)\(\s*\)/g, determinism.sortAdvice],
  [/\bfor\s*\(\s*(?:const|let|var)\s+[\w$]+\s+in\b/g, determinism.forInAdvice],
  [/(?<![\w$.])(?:async|await)\b(?!\s*\??:)/g, determinism.asyncAdvice],
];

function find({ path, text, code }: Source, pattern: RegExp, say: (word: string) => string) {
  return findings(path, text, code.matchAll(pattern), say);
}

function findings(
  path: string,
  text: string,
  matches: Iterable<RegExpExecArray>,
  say: (word: string) => string,
): Finding[] {
  return Array.from(matches, (match) => ({
    path,
    line: lineOf(text, match.index),
    message: say(match[0]),
  }));
}
