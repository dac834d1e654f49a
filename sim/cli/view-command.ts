/** Shows traces: writes a page, or serves one. */
import { embedded, isBuilt, pageOf } from '../viewer/html.ts';
import { openStore } from '../viewer/model/store.ts';
import { quoted } from './call.ts';
import { ExitCode, UsageError } from './exit.ts';
import { readBytes, writeText } from './files.ts';
import type { Session } from './session.ts';
import type { ViewFlags } from './view.ts';

/** Returns the exit code, when the page is written or the server has been stopped. */
export async function viewCommand(
  paths: readonly string[],
  flags: ViewFlags,
  session: Session,
): Promise<ExitCode> {
  refuseContradictions(paths, flags);
  if (flags.lessons !== undefined && flags.lessons !== false) {
    const { lessonCommand } = await import('./view-lessons.ts');
    return lessonCommand(flags, session);
  }
  if (paths.length === 0 || paths.length > 2) {
    throw new UsageError(
      `name one trace to look at, or two to compare: ${session.call} view out/run.msgpack`,
    );
  }
  requirePage();
  for (const path of paths) check(path, session);
  if (flags.html === undefined) {
    const { serve } = await import('./view-server.ts');
    return serve(paths, flags, session);
  }
  const traces = paths.map((path) => embedded(path, readBytes(path, session.io, '.msgpack')));
  writeText(flags.html, pageOf({ traces, replay: replayCommand(paths, session) }), paths);
  session.io.print(`${flags.html}\n`);
  return ExitCode.ok;
}

/** Options that say nothing about what is asked for would be forgotten without a word. */
function refuseContradictions(paths: readonly string[], flags: ViewFlags): void {
  const { html, port, lessons = false } = flags;
  const problems: string[] = [];
  if (html !== undefined && port !== undefined) {
    problems.push('--port: with --html nothing is served; leave one of them out');
  }
  if (lessons === true && html !== undefined) {
    problems.push('--html: name the lesson to write: --lessons <id>');
  }
  if (lessons !== false && paths.length > 0) {
    problems.push(`--lessons: a lesson brings its own trace; leave ${paths.join(' ')} out`);
  }
  if (paths.includes('-')) problems.push('-: a trace is looked at as often as asked: name a file');
  if (problems.length > 0) throw new UsageError(problems.join('\n'));
}

export function requirePage(): void {
  if (isBuilt()) return;
  throw new UsageError('the page of the viewer is not built; build it: npm run viewer:build');
}

/** What becomes of the page: a damaged trace is told and shown as far as it goes. */
function check(path: string, { io, call }: Session): void {
  const { store, problem } = openStore(readBytes(path, io, '.msgpack'));
  if (store === null) {
    const hint = /\.ya?ml$/.test(path) ? `; to run a scenario: ${call} ${path}` : '';
    throw new UsageError(`${path}: ${problem ?? 'it is empty'}${hint}`);
  }
  if (problem !== null) io.note(`${path}: ${problem}\n`);
}

export function replayCommand(paths: readonly string[], { call }: Session): string {
  return `${call} replay ${quoted(paths[0] ?? '')}`;
}
