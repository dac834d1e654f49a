/** Reads and writes files, and says in a sentence what is wrong with them. */
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { closest, distance } from 'fastest-levenshtein';
import { UsageError } from './exit.ts';
import type { Io } from './io.ts';

/** The bytes of a file that has to exist; `-` is the standard input. `ext` serves suggestions. */
export function readBytes(path: string, io: Io, ext: string): Uint8Array {
  const isInput = path === '-';
  try {
    return isInput ? io.readInput() : readFileSync(path);
  } catch (error) {
    throw new UsageError(readingProblem(isInput ? 'the standard input' : path, ext, codeOf(error)));
  }
}

/**
 * Opens a file for writing, its folder made first. `inputs`: what the command reads, which no slip
 * of the pen may replace.
 */
export function openForWriting(path: string, inputs: readonly string[] = []): number {
  if (inputs.some((input) => isSameFile(path, input))) {
    throw new UsageError(`cannot write ${path}: the command reads it; name another file`);
  }
  try {
    makeFolder(dirname(path));
    return openSync(path, 'w');
  } catch (error) {
    throw new UsageError(writingProblem(path, codeOf(error)));
  }
}

/** Writes a whole file, under the conditions of `openForWriting`. */
export function writeText(path: string, text: string, inputs: readonly string[] = []): void {
  const descriptor = openForWriting(path, inputs);
  try {
    writeFileSync(descriptor, text);
  } catch (error) {
    throw new UsageError(writingProblem(path, codeOf(error)));
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Makes a folder and those above it. Node's own `recursive` tries for ever where a file system
 * takes no folders (/proc).
 */
export function makeFolder(path: string): void {
  if (isFolder(path)) return;
  const parent = dirname(path);
  if (parent !== path) makeFolder(parent);
  try {
    mkdirSync(path);
  } catch (error) {
    // Somebody else has made it in the meantime.
    if (!isFolder(path)) throw error;
  }
}

export function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

export function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

export function writingProblem(path: string, code: string): string {
  const why: Readonly<Record<string, string>> = {
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    ENOENT: 'the folder cannot be made',
    EROFS: 'the file system is read-only',
    ENOSPC: 'no space is left on the device',
    EISDIR: 'it is a folder',
    ENOTDIR: 'a part of the path is a file, not a folder',
    EEXIST: 'a part of the path is a file, not a folder',
    ELOOP: 'its links lead in a circle',
    ENAMETOOLONG: 'the name is too long',
  };
  return `cannot write ${path}: ${why[code] ?? code}`;
}

/** The code of a system error, else its text. */
export function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : String(error);
}

function readingProblem(path: string, ext: string, code: string): string {
  switch (code) {
    case 'ENOENT': {
      const near = nearestFile(path);
      return `there is no file ${path}${near === null ? '' : `; did you mean ${near}?`}`;
    }
    case 'EISDIR': {
      const inside = filesOf(path).find((name) => name.endsWith(ext));
      const hint = inside === undefined ? '' : `, such as ${join(path, inside)}`;
      return `${path} is a folder: name a file in it${hint}`;
    }
    case 'EACCES':
      return `cannot read ${path}: permission denied`;
    case 'ENOTDIR':
      return `cannot read ${path}: a part of the path is a file, not a folder`;
    case 'ELOOP':
      return `cannot read ${path}: its links lead in a circle`;
    default:
      return `cannot read ${path}: ${code}`;
  }
}

/** Whether two paths lead to one file, by whatever links; devices may be read and written. */
function isSameFile(one: string, other: string): boolean {
  try {
    const [a, b] = [statSync(one, { bigint: true }), statSync(other, { bigint: true })];
    return a.isFile() && a.dev === b.dev && a.ino === b.ino;
  } catch {
    // One of them does not exist.
    return false;
  }
}

/** The file beside it whose name is nearest, when it is near enough to be a slip. */
function nearestFile(path: string): string | null {
  const folder = dirname(path);
  const names = filesOf(folder);
  const name = basename(path);
  if (names.length === 0) return null;
  const stem = (file: string) => file.replace(/\.\w+$/, '');
  const sameStem = names.find((other) => stem(other) === stem(name));
  const near = sameStem ?? closest(name, names);
  const isNear = sameStem !== undefined || distance(name, near) <= Math.max(2, name.length / 4);
  if (!isNear || isFolder(join(folder, near))) return null;
  return join(folder, near);
}

function filesOf(folder: string): string[] {
  try {
    return readdirSync(folder).toSorted();
  } catch {
    // No folder, no suggestion.
    return [];
  }
}
