/** Reads and writes files, and says in a sentence what is wrong with them. */
import { mkdirSync, openSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { closest, distance } from 'fastest-levenshtein';
import { UsageError } from './exit.ts';
import type { Io } from './io.ts';

/** The bytes of a file that has to exist; `-` is the standard input. `ext` serves suggestions. */
export function readBytes(path: string, io: Io, ext: string): Uint8Array {
  if (path === '-') return io.readInput();
  try {
    return readFileSync(path);
  } catch (error) {
    throw new UsageError(readingProblem(path, ext, codeOf(error)));
  }
}

/** Opens a file for writing, its folder made first. */
export function openForWriting(path: string): number {
  try {
    mkdirSync(dirname(path), { recursive: true });
    return openSync(path, 'w');
  } catch (error) {
    throw new UsageError(writingProblem(path, codeOf(error)));
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
    default:
      return `cannot read ${path}: ${code}`;
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
